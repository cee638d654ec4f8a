using System.Management.Automation;
using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Evaluation;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Inference;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Reporting.DatasetReports;
using WaterMeters.PowerShell.Completion;
using WaterMeters.PowerShell.Errors;

namespace WaterMeters.PowerShell.Commands.Datasets;

/// <summary>Checks whether a data set can be trained on.</summary>
/// <seealso cref="GetWmsDatasetCommand"/>
/// <seealso cref="SplitWmsDatasetCommand"/>
/// <seealso href="about_WaterMeters_Datasets"/>
/// <remarks>
/// <para>Checks pairs and names, readable files, size and orientation, the light and sharpness of photos, the values and the shape of masks, and photos that are there twice: as the same file, or saved anew, scaled, cropped, turned or mirrored, in one part of the data set or in two, with one mask or two. Run it after branches were joined: two that each added a copy of one photo may have put them into two parts (PhotoInTwoSplits), or one photo into two (SplitDisputed); Split-WmsDataset sets aside what that takes. What the data are worth is a finding of the report and never an error of the cmdlet, so a script with ErrorActionPreference Stop still gets its report. Everything piped in goes into one report; nothing at all is a failure.</para>
/// <para>A JPEG mask whose values lie near 0 and 255 is a warning: it can be trained on, and safely be repaired. With -Strict it is an error.</para>
/// <para>-Model holds the masks against what a trained model finds: where it is right about most photos, the few it disagrees with may have a wrong mask (MaskSuspect, the worst first). A model that knows too little is a warning, and suspects nobody.</para>
/// <para>What was seen of a pair is kept in the user's cache, so that the next check of the same folder looks only at pairs whose files have another size or time of writing since. -Verbose tells how many those were; -NoCache looks at all of them, as -WhatIf does, for a program that changes photos and sets their time back. The folder is that of WMS_CACHE_PATH, see about_WaterMeters_Settings; a pair takes a kB or two of it.</para>
/// <para>The part checks of the nearest wms.yaml, in the session's location or above it, makes each check an error, a warning or nothing (off).</para>
/// </remarks>
/// <example><para>Checks a data set and shows what was found.</para><code>(Test-WmsDataset ./meters).Findings | Format-Table Severity, Check, Name, Message</code></example>
/// <example><para>Lets a build step fail, with the report written first.</para><code>if (-not (Test-WmsDataset ./data/training -ReportPath report.json -Quiet)) { exit 1 }</code></example>
/// <example><para>Writes what was found twice: for programs, and as a page to look at, with the photos and masks in question.</para><code>Test-WmsDataset ./meters -ReportPath report.json, report.html</code></example>
/// <example><para>One record a finding, for a table of its own.</para><code>Test-WmsDataset ./meters -PerFinding | Export-Csv findings.csv</code></example>
/// <example><para>Shows the photos that are there more than once, each with the one it repeats.</para><code>Test-WmsDataset ./meters -PerFinding | Where-Object OtherPath | Format-Table Check, Path, OtherPath</code></example>
/// <example><para>Tells how many pairs had to be looked at.</para><code>$report = Test-WmsDataset ./meters -Verbose</code></example>
/// <seealso href="about_WaterMeters_Scripts"/>
/// <seealso href="about_WaterMeters_Settings"/>
[Cmdlet(VerbsDiagnostic.Test, "WmsDataset", DefaultParameterSetName = ByPath, SupportsShouldProcess = true)]
[OutputType(typeof(DatasetReport), typeof(DatasetFinding), typeof(bool))]
public sealed class TestWmsDatasetCommand : PathCmdlet
{
    private readonly List<string> folders = [];

    /// <summary>Writes the report to a file too: as JSON for programs (.json), as a page with images for people (.html, .htm), or as both when two are named. An older one is replaced.</summary>
    [Parameter]
    public string[]? ReportPath { get; set; }

    /// <summary>A split file, as for Get-WmsDataset: which part a photo is in decides whether a duplicate is in two.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(SplitFileCompleter))]
    public string? SplitPath { get; set; }

    /// <summary>A model file to hold the masks against: those it disagrees with most may be wrong. It should be right about most of the photos.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string? Model { get; set; }

    /// <summary>Takes a JPEG mask that could be repaired for an error, whatever wms.yaml says.</summary>
    [Parameter]
    public SwitchParameter Strict { get; set; }

    /// <summary>Gives one record a finding instead of the report.</summary>
    [Parameter]
    public SwitchParameter PerFinding { get; set; }

    /// <summary>Gives only $true or $false, over everything piped in. A report that could not be written is an error and $false.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <summary>Looks at every pair anew, and keeps nothing of it for the next time.</summary>
    [Parameter]
    public SwitchParameter NoCache { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        // A path that leads nowhere is a finding like others, since the report must be written.
        foreach (string path in IsNamed ? Names : ["."]) folders.AddRange(Folders(path));
    }

    private IReadOnlyList<string> Folders(string path)
    {
        try
        {
            if (LiteralPath is null && WildcardPattern.ContainsWildcardCharacters(path))
            {
                var found = SessionState.Path.GetResolvedProviderPathFromPSPath(path, out var provider);
                if (provider.Name == "FileSystem" && found.Count > 0) return found;
            }
        }
        catch (Exception e) when (e is SessionStateException or WildcardPatternException)
        {
            // No such drive, no match, no pattern: the name as it stands is looked for, and not found.
        }

        return [TryAbsolute(path, out string absolute, out _) ? absolute : path];
    }

    /// <inheritdoc/>
    private protected override bool AlwaysAnswers => Quiet;

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        bool answered = false;
        string? modelFile = null;
        if (!AreReportNames() || !TrySplitPath(out string? split) || (IsGiven(nameof(Model)) && !TryModelPath(Model ?? "", out modelFile)))
        {
            if (Quiet) WriteObject(false);
            return;
        }

        var files = ReportFiles(out bool areUsable);
        string location = SessionState.Path.CurrentFileSystemLocation.ProviderPath;
        bool keeps = !NoCache && !IsTrial;
        RunOnWorker(worker =>
        {
            void Warn(string message) => worker.Post(() => WriteWarning(message));
            var settings = Settings(location, Warn);
            var model = modelFile is null ? null : ModelFile.Load(modelFile);
            foreach (string warning in model?.Warnings ?? []) Warn(warning);
            using var engine = model is null ? null : InferenceEngines.Create(model, Precision.Float32);
            var inspector = new DatasetInspector(settings, split, engine is null ? null : new SuspectMaskFinder(new ModelEvaluator(engine)), keeps ? UserFolder.Cache(location) : null);
            foreach (var (number, folder) in folders.Index())
            {
                inspector.Inspect(folder, (done, of) => worker.Report("Checking " + folder, $"{done} of {of} pairs", percent: (int)(100 * (number + ((double)done / of)) / folders.Count)), worker.Stopping, Warn, worker.Verbose);
            }

            var report = inspector.Report();
            var written = files.Where(file => TryWriteReport(worker, report, inspector.Statistics, file)).ToList();
            worker.Post(() =>
            {
                Write(report with { ReportPath = written.FirstOrDefault() }, areUsable && written.Count == files.Count);
                answered = true;
            });
        });
        if (Quiet && !answered) WriteObject(false);
    }

    private bool TrySplitPath(out string? split)
    {
        split = SplitPath;
        if (!IsGiven(nameof(SplitPath)) || TryAbsolute(SplitPath ?? "", out split, out var error)) return true;
        Fail(error);
        return false;
    }

    private CheckSettings Settings(string location, Action<string> warn)
    {
        var settings = CheckSettings.Read(NearestSettings(location, warn), warn);
        return Strict ? settings.With(DatasetCheck.MaskJpeg, FindingSeverity.Error) : settings;
    }

    /// <summary>A name that says no form is said before the check, which may take long.</summary>
    private bool AreReportNames()
    {
        string? other = ReportPath?.FirstOrDefault(path => !string.IsNullOrEmpty(path) && !DatasetReportFile.IsReportName(path));
        if (other is null) return true;
        Fail(WmsErrors.NoReportForm(other, nameof(ReportPath), DatasetReportFile.Extensions));
        return false;
    }

    /// <summary>The files to write. Where a report cannot be written, what was found is still told, and others are still written.</summary>
    private List<string> ReportFiles(out bool areUsable)
    {
        var files = new List<string>();
        areUsable = true;
        if (!IsGiven(nameof(ReportPath))) return files;
        foreach (string path in ReportPath is { Length: > 0 } given ? given : [""])
        {
            if (!TryAbsolute(path, out string file, out var error))
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

    private bool TryWriteReport(PipelineWorker worker, DatasetReport report, DatasetStatistics statistics, string file)
    {
        try
        {
            DatasetReportFile.Write(report, statistics, file, (done, of) => worker.Report("Writing " + file, $"{done} of {of} findings with images", percent: (int)(100.0 * done / of)), worker.Stopping);
            return true;
        }
        catch (DatasetException e)
        {
            worker.Post(() => WriteError(WmsErrors.From(e)));
            return false;
        }
    }

    private void Write(DatasetReport report, bool isWritten)
    {
        if (Quiet) WriteObject(report.Status == DatasetStatus.Pass && isWritten);
        else if (PerFinding) WriteObject(report.Findings, enumerateCollection: true);
        else WriteObject(report);
    }
}
