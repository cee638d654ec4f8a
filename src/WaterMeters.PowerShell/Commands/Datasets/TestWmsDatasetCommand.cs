using System.Management.Automation;
using WaterMeters.Ml.Datasets;
using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Evaluation;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Inference;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Reporting.DatasetReports;
using WaterMeters.PowerShell.Completion;

namespace WaterMeters.PowerShell.Commands.Datasets;

/// <summary>Checks whether a data set is fit for training.</summary>
/// <seealso cref="GetWmsDatasetCommand"/>
/// <seealso cref="SplitWmsDatasetCommand"/>
/// <seealso href="about_WaterMeters_Datasets"/>
/// <remarks>
/// <para>Checks pairs and names, readable files, size and orientation, the light and sharpness of photos, and the values and shape of
/// masks. Finds photos that exist twice, in one part or in two, with one mask or two: as the same file, or saved again, scaled, cropped,
/// rotated or mirrored. Run it after merging branches: two branches that each added a copy of one photo may have put the copies into two
/// parts (PhotoInTwoSplits), or one photo into two (SplitDisputed); Split-WmsDataset sets such photos aside. Problems in the data are
/// findings of the report and never errors of the cmdlet, so a script with ErrorActionPreference Stop still gets its report. A path that is
/// not there is an error. All data sets from the pipeline go into one report. If there are none, the check fails.</para>
/// <para>A photo or a mask in the folder images or masks of a data set selects its pair: only that is checked, with the split of its data
/// set. So records of Get-WmsDataset can be piped, and the output of git diff --name-only. What depends on all pairs needs the whole data
/// set: outliers, orientations that fit both ways, the sizes of the parts, and duplicates of photos that are not selected.</para>
/// <para>A JPEG or lossy WebP mask with values near 0 and 255 is a warning: it is usable for training and can be repaired. With
/// -Strict it is an error.</para>
/// <para>-Model compares the masks with the predictions of a trained model: if it agrees with most of them, the few masks it disagrees with
/// may be wrong (MaskSuspect, the worst first). If the model is not accurate enough, the cmdlet warns and reports no suspect masks.</para>
/// <para>The facts measured of each pair are kept in the user's cache. The next check of the same folder reads only pairs whose files
/// changed in size or time of writing; -Verbose shows how many. -NoCache reads all pairs, as -WhatIf does: use it if a program changes
/// photos and resets their time. The cache is in the folder WMS_CACHE_PATH, see about_WaterMeters_Settings; it takes 1 to 2 kB for each
/// pair.</para>
/// <para>The checks section of the nearest wms.yaml, in the current location or above it, sets each check to error, warning or
/// off.</para>
/// </remarks>
/// <example><para>Check a data set and show the findings.</para>
/// <code>(Test-WmsDataset ./meters).Findings | Format-Table Severity, Check, Name, Message</code></example>
/// <example><para>Fail a build step, after writing the report.</para>
/// <code>if (-not (Test-WmsDataset ./data/training -ReportPath report.json -Quiet)) { exit 1 }</code></example>
/// <example><para>Write two reports: data for programs, and a page with the photos and masks concerned.</para>
/// <code>Test-WmsDataset ./meters -ReportPath report.json, report.html</code></example>
/// <example><para>In a step of GitHub Actions, show the findings at their files in the pull request, and fail if there are errors.</para>
/// <code>
/// if ($env:GITHUB_ACTIONS) {
///     if (-not (Test-WmsDataset ./meters -GitHub -ReportPath report.sarif -Quiet)) { exit 1 }
/// }
/// </code></example>
/// <example><para>Export one record for each finding.</para>
/// <code>Test-WmsDataset ./meters -PerFinding | Export-Csv findings.csv</code></example>
/// <example><para>List the duplicate photos, each with the photo that it repeats.</para>
/// <code>Test-WmsDataset ./meters -PerFinding | Where-Object OtherPath | Format-Table Check, Path, OtherPath</code></example>
/// <example><para>Check the test photos only.</para>
/// <code>Get-WmsDataset ./meters | Where-Object Split -eq Test | Test-WmsDataset</code></example>
/// <example><para>Show how many pairs had to be read.</para><code>$report = Test-WmsDataset ./meters -Verbose</code></example>
/// <seealso href="about_WaterMeters_Scripts"/>
/// <seealso href="about_WaterMeters_Settings"/>
[Cmdlet(VerbsDiagnostic.Test, "WmsDataset", DefaultParameterSetName = ByPath, SupportsShouldProcess = true)]
[OutputType(typeof(DatasetReport), typeof(DatasetFinding), typeof(bool))]
public sealed partial class TestWmsDatasetCommand : DatasetCmdlet
{
    /// <summary>
    /// Report files to write: .html or .htm for a page with images, .md for a pull request, .json for programs, and for CI systems .sarif
    /// (SARIF 2.1.0) or .xml (JUnit). An existing report is replaced.
    /// </summary>
    [Parameter]
    public string[]? ReportPath { get; set; }

    /// <summary>A split file, as for Get-WmsDataset. It determines whether a duplicate is in another part.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(SplitFileCompleter))]
    public string? SplitPath { get; set; }

    /// <summary>
    /// A model to find suspect masks with: a file, the folder of a run, or a model of the registry, such as Production. It should be right
    /// about most of the photos.
    /// </summary>
    [Parameter]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string? Model { get; set; }

    /// <summary>
    /// The store in which -Model is looked up: a database (mlflow.db), or the address of an MLflow server.
    /// </summary>
    [Parameter]
    [PSDefaultValue(Help = "MLFLOW_TRACKING_URI, tracking.uri of wms.yaml, or the nearest mlflow.db")]
    [AllowNull, AllowEmptyString]
    public string? TrackingUri { get; set; }

    /// <summary>Treats a JPEG or lossy WebP mask that could be repaired as an error, whatever wms.yaml says.</summary>
    [Parameter]
    public SwitchParameter Strict { get; set; }

    /// <summary>Returns one record for each finding instead of the report.</summary>
    [Parameter]
    public SwitchParameter PerFinding { get; set; }

    /// <summary>
    /// Returns only $true or $false, for all data sets together. Each finding that is an error is shown as a line: path, check, message. A
    /// path that is not there, or a report that cannot be written, is an error and $false.
    /// </summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <summary>
    /// In a step of GitHub Actions, writes annotations, so that a finding stands at its file in a pull request, appends the report to the
    /// summary of the step, and sets its outputs status (pass or fail), errors and warnings.
    /// </summary>
    [Parameter]
    public SwitchParameter GitHub { get; set; }

    /// <summary>Reads every pair again, and does not write to the cache.</summary>
    [Parameter]
    public SwitchParameter NoCache { get; set; }

    /// <inheritdoc/>
    private protected override string? StoreAddress => TrackingUri;

    /// <inheritdoc/>
    private protected override bool AlwaysReturns => Quiet;

    /// <inheritdoc/>
    private protected override bool DecidesGate => Quiet || GitHub;

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        bool returned = false;
        string? modelFile = null;
        bool IsModelMissing() => IsGiven(nameof(Model)) && !TryModelPath(Model ?? "", out modelFile);
        var selected = DatasetSelection.From(paths);
        bool isAnyLeft = selected.Count > 0 || !isPathMissing;
        if (!isAnyLeft || !AreReportNamesValid() || !TrySplitPaths(selected, out var splits) || IsModelMissing())
        {
            if (Quiet) WriteObject(false);
            return;
        }

        FindStep();
        var files = ReportFiles(out bool areUsable);
        string location = Location;
        bool useCache = !NoCache && !IsWhatIf;
        RunOnWorker(worker =>
        {
            var settings = Settings(location, worker.Warn);
            var model = modelFile is null ? null : ModelFile.Load(modelFile);
            if (model is not null) WarnOf(worker, model);
            using var engine = model is null ? null : InferenceEngines.Create(model, Precision.Float32);
            var suspects = engine is null ? null : new SuspectMaskFinder(new ModelEvaluator(engine));
            var inspector = new DatasetInspector(settings, null, suspects, useCache ? UserFolder.Cache(location) : null);
            foreach (var (number, (folder, chosen)) in selected.Index())
            {
                void Report(int done, int total)
                {
                    double fraction = (number + ((double)done / total)) / selected.Count;
                    worker.Report("Checking " + folder, $"{done} of {total} pairs", percent: (int)(100 * fraction));
                }

                inspector.SplitPath = splits[number];
                inspector.Inspect(folder, Report, worker.Stopping, worker.Warn, worker.Verbose, chosen);
            }

            var report = inspector.Report();
            var dataset = CheckedDataset.Now(report, inspector.Statistics);
            var written = files.Where(file => TryWriteReport(worker, dataset, file)).ToList();
            worker.Post(() =>
            {
                report = report with { ReportPath = written.FirstOrDefault() };
                CheckedDatasets.Keep(report, dataset);
                var failure = WriteToStep(report);
                if (Quiet) WriteLines(report, location);
                Write(report, failure is null && areUsable && written.Count == files.Count);
                returned = true;
                if (failure is not null) WriteError(failure);
            });
        });
        if (Quiet && !returned) WriteObject(false);
    }

    /// <summary>Returns the split file of each data set: that of -SplitPath, or else of the project.</summary>
    private bool TrySplitPaths(IReadOnlyList<DatasetSelection> selected, out string?[] splits)
    {
        splits = new string?[selected.Count];
        if (IsGiven(nameof(SplitPath)))
        {
            if (!TryResolvePath(SplitPath ?? "", out string split, out var error))
            {
                Fail(error);
                return false;
            }

            Array.Fill(splits, split);
            return true;
        }

        foreach (var (number, one) in selected.Index())
        {
            if (!TryProjectSplit(one.DataPath, out splits[number])) return false;
        }

        return true;
    }

    private CheckSettings Settings(string location, Action<string> warn)
    {
        var settings = CheckSettings.Read(NearestSettings(location, warn), warn);
        return Strict ? settings.With(DatasetCheck.MaskJpeg, FindingSeverity.Error) : settings;
    }

    private void Write(DatasetReport report, bool isWritten)
    {
        if (Quiet) WriteObject(report.Status == DatasetStatus.Pass && isWritten && !isPathMissing);
        else if (PerFinding) WriteObject(report.Findings, enumerateCollection: true);
        else WriteObject(report);
    }
}
