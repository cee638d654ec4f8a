using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Reporting.DatasetReports;
using WaterMeters.PowerShell.Errors;

namespace WaterMeters.PowerShell.Commands.Datasets;

// The files of -ReportPath.
public sealed partial class TestWmsDatasetCommand
{
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
            else if (ShouldProcess(file, "Write the report"))
            {
                files.Add(file);
            }
        }

        return files;
    }

    private static bool TryWriteReport(PipelineWorker worker, DatasetReport report, DatasetStatistics statistics, string file)
    {
        void Report(int done, int total) => worker.ReportCount("Writing " + file, done, total, "findings with images");
        try
        {
            DatasetReportFile.Write(report, statistics, file, Report, worker.Stopping);
            return true;
        }
        catch (DatasetException e)
        {
            worker.Error(e);
            return false;
        }
    }
}
