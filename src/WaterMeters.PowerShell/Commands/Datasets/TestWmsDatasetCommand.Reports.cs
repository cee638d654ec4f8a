using System.Globalization;
using System.Management.Automation;
using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Reporting.DatasetReports;
using WaterMeters.Ops.GitHub;
using WaterMeters.PowerShell.Errors;

namespace WaterMeters.PowerShell.Commands.Datasets;

// The files of -ReportPath, and what a step of GitHub Actions shows.
public sealed partial class TestWmsDatasetCommand
{
    private const string WorkspaceVariable = "GITHUB_WORKSPACE";
    private static readonly string[] AnnotationTags = ["PSHOST", "WmsAnnotation"];

    private StepFiles? step;
    private ErrorRecord? noStep;

    /// <summary>Folder that the CI system checked the repository out to; null when unknown.</summary>
    private static string? Workspace => Environment.GetEnvironmentVariable(WorkspaceVariable);

    /// <summary>
    /// Finds the files of the step before the check, which may take long. Outside of a step, the check and its reports are still made,
    /// and the error follows them: it must not cost a report.
    /// </summary>
    private void FindStep()
    {
        if (!GitHub) return;
        try
        {
            step = StepFiles.Find(Environment.GetEnvironmentVariable);
        }
        catch (SettingsException e)
        {
            noStep = WmsErrors.From(e);
            WriteWarning("-GitHub works only in a step of GitHub Actions. The check is made, and then the cmdlet fails.");
        }
    }

    /// <summary>Prints the annotations and appends the summary of the step; returns the error if that failed or this is no step.</summary>
    private ErrorRecord? WriteToStep(DatasetReport report)
    {
        if (step is null) return noStep;
        var root = ReportRoot.Find(report, Workspace);
        foreach (string line in FindingAnnotations.Lines(report.Findings, root.Relative))
        {
            WriteInformation(new HostInformationMessage { Message = line }, AnnotationTags);
        }

        if (!ShouldProcess(step.SummaryPath, "Append the report")) return null;
        try
        {
            if (!step.AppendSummary(DatasetReportMarkdown.Render(report, root)))
            {
                WriteWarning("The report was not appended: the summary of this step would exceed the megabyte that GitHub shows.");
            }

            step.AppendOutputs(
            [
                new("status", report.Status == DatasetStatus.Pass && !isPathMissing ? "pass" : "fail"),
                new("errors", report.ErrorCount.ToString(CultureInfo.InvariantCulture)),
                new("warnings", report.WarningCount.ToString(CultureInfo.InvariantCulture)),
            ]);
            return null;
        }
        catch (SettingsException e)
        {
            return WmsErrors.From(e);
        }
    }

    // Before the check, which may take long.
    private bool AreReportNamesValid()
    {
        string? invalid = ReportPath?.FirstOrDefault(path => !string.IsNullOrEmpty(path) && !DatasetReportFile.IsReportName(path));
        if (invalid is null) return true;
        Fail(WmsErrors.UnknownReportFormat(invalid, nameof(ReportPath), DatasetReportFile.Extensions));
        return false;
    }

    /// <summary>Returns the report files to write. If one is not usable, the others and the result are still written.</summary>
    private List<string> ReportFiles(out bool areUsable)
    {
        var files = new List<string>();
        areUsable = true;
        if (!IsGiven(nameof(ReportPath))) return files;
        foreach (string path in ReportPath is { Length: > 0 } given ? given : [""])
        {
            if (!TryResolvePath(path, out string file, out var error))
            {
                areUsable = false;
                WriteError(error);
            }
            else if (!string.IsNullOrEmpty(SplitPath) && TryResolvePath(SplitPath, out string split, out _)
                && FileIdentity.IsSame(file, split))
            {
                areUsable = false;
                WriteError(WmsErrors.ReplacesInput(file, split, nameof(ReportPath)));
            }
            else if (SplitFolder.Contains(file))
            {
                areUsable = false;
                WriteError(WmsErrors.InSplitFolder(file, nameof(ReportPath)));
            }
            else if (ShouldProcess(file, "Write the report"))
            {
                files.Add(file);
            }
        }

        return files;
    }

    private static bool TryWriteReport(PipelineWorker worker, CheckedDataset dataset, string file)
    {
        void Report(int done, int total) => worker.ReportCount("Writing " + file, done, total, "findings with images");
        try
        {
            DatasetReportFile.Write(dataset, file, Workspace, Report, worker.Stopping);
            return true;
        }
        catch (DatasetException e)
        {
            worker.Error(e);
            return false;
        }
    }
}
