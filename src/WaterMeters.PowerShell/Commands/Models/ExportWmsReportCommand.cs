using System.Management.Automation;
using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Reporting.DatasetReports;
using WaterMeters.Ml.Reporting.ModelReports;
using WaterMeters.Ml.Reporting.PredictionReports;
using WaterMeters.Ops.GitHub;
using WaterMeters.PowerShell.Commands.Training;
using WaterMeters.PowerShell.Completion;
using WaterMeters.PowerShell.Errors;

namespace WaterMeters.PowerShell.Commands.Models;

/// <summary>Writes a report of trainings and a comparison, of predictions, or of a data set, as Markdown, HTML or JSON.</summary>
/// <seealso cref="CompareWmsModelCommand"/>
/// <seealso cref="StartWmsTrainingCommand"/>
/// <remarks>
/// <para>All input goes into one report. It is about models (any number of trainings and one comparison), about predictions, or about one
/// check of a data set. Everything can be piped in: records of this session or of a job, rows of a CSV file of predictions, and paths. A
/// path is the folder of a run, a folder with several runs in it, a CSV file of predictions, or a report.json of Test-WmsDataset.</para>
/// <para>Predictions: the page shows each photo with the outline of its mask, the rotated box of the largest region, a close-up of the
/// window, confidence and angle. The doubtful ones come first: nothing found, several regions, at the border of the photo, confidence
/// below 0.8. A field filters them by file name. The page is one file that loads nothing. The outline is that of the mask file; without
/// one, only the box is shown. A photo that is missing becomes a sentence.</para>
/// <para>A data set: the page of Test-WmsDataset -ReportPath, from its record or its report.json.</para>
/// <para>Models: the Markdown, for a pull request or the summary of a build step, starts with the scores of both models, followed by the
/// verdict and its reasons. The HTML page is one file that loads nothing else: besides the tables it shows the training curves, the scores
/// of both models for each photo, the distribution of the differences, and the photos that gained most, lost most and are worst, each with
/// the true outline and those of both models. The JSON has every property of the records, in snake_case.</para>
/// <para>For the outlines both models predict these few photos again. If a model or photo is missing or has changed, there is a warning,
/// and a sentence instead of the image.</para>
/// <para>The photos come from the comparison itself if it was made in this session. For a comparison from another session or a job, also
/// pipe in the records of Compare-WmsModel -PerImage.</para>
/// <para>-GitHub works in a step of GitHub Actions. It appends the Markdown to the summary of the step and sets the outputs passed (true or
/// false), verdict, dice, iou, baseline_dice, baseline_iou and version, which is the first 12 digits of the digest of the new model's file.
/// For trainings without a comparison, passed and verdict are those of the promotion; without a promotion passed is false, since nothing
/// was compared. Outside of a step, -GitHub is an error: at once without -OutputPath, otherwise after its files were written.</para>
/// </remarks>
/// <example><para>Train, compare, and write an HTML page and Markdown for a pull request.</para>
/// <code>
/// $training = Start-WmsTraining ./meters
/// $comparison = $training | Compare-WmsModel -Baseline ./models/production.safetensors
/// $training, $comparison | Export-WmsReport -OutputPath report.html, report.md
/// </code></example>
/// <example><para>Show the Markdown of a comparison.</para>
/// <code>
/// Compare-WmsModel ./runs/second/model.safetensors ./models/production.safetensors ./meters | Export-WmsReport
/// </code></example>
/// <example><para>Write the curves of a run, complete or not.</para>
/// <code>Export-WmsReport ./runs/first -OutputPath curves.html</code></example>
/// <example><para>Write a page of the predictions of a folder, the doubtful ones first.</para>
/// <code>
/// Invoke-WmsPrediction ./photos -OutputPath ./masks | Tee-Object -Variable windows |
///     Export-Csv windows.csv
/// $windows | Export-WmsReport -OutputPath windows.html
/// </code></example>
/// <example><para>Write the page later, from the table.</para>
/// <code>Export-WmsReport ./windows.csv -OutputPath windows.html</code></example>
/// <example><para>Write the page of a check that was made elsewhere.</para>
/// <code>Export-WmsReport ./report.json -OutputPath report.html</code></example>
/// <example><para>In a step of GitHub Actions, write the summary, the outputs, and the page as an artifact.</para>
/// <code>
/// if ($env:GITHUB_ACTIONS) {
///     Compare-WmsModel ./runs/second/model.safetensors ./models/production.safetensors ./meters |
///         Export-WmsReport -OutputPath report.html -GitHub
/// }
/// </code></example>
/// <seealso href="about_WaterMeters_Scripts"/>
[Cmdlet(VerbsData.Export, "WmsReport", SupportsShouldProcess = true)]
[OutputType(typeof(string), typeof(FileInfo))]
public sealed class ExportWmsReportCommand : WmsCmdlet
{
    private readonly List<string> files = [];
    private readonly ReportInput input;
    private StepFiles? step;
    private ErrorRecord? noStep;

    /// <summary>Creates the cmdlet.</summary>
    public ExportWmsReportCommand() => input = new ReportInput(ResolvePath, ReadCsv);

    /// <summary>
    /// The records of trainings and of one comparison, and optionally those of its photos; or predictions; or the record of a data set
    /// check. Also rows of a CSV file of predictions, and paths: of a run's folder, a folder with runs in it, a CSV file, or a report.json.
    /// </summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [AllowNull, AllowEmptyCollection]
    public object?[]? InputObject { get; set; }

    /// <summary>
    /// The files to write: .md for Markdown, .html or .htm for a page, .json for data. An existing report is replaced. If omitted, the
    /// Markdown is the output.
    /// </summary>
    [Parameter(Position = 1)]
    [Alias("Path", "ReportPath")]
    [ValidateNotNullOrEmpty]
    public string[]? OutputPath { get; set; }

    /// <summary>
    /// Folders of training runs to include without their records: the OutputPath of Start-WmsTraining, or a folder with several runs.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RunFolderCompleter))]
    public string[]? RunPath { get; set; }

    /// <summary>Appends the Markdown to the summary of a step of GitHub Actions, and sets the outputs of the step.</summary>
    [Parameter]
    public SwitchParameter GitHub { get; set; }

    /// <summary>Returns the files written; with -GitHub and without -OutputPath, the Markdown.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    private protected override object ErrorTarget => OutputPath is [var one] ? one : base.ErrorTarget;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        // Before cmdlets earlier in the pipeline have worked for hours.
        foreach (string file in (OutputPath ?? []).Select(ResolvePath))
        {
            if (!ReportFile.IsReportName(file)) Fail(WmsErrors.UnknownReportFormat(file, nameof(OutputPath), ReportFile.Extensions));
            if (!files.Contains(file)) files.Add(file);
        }

        if (!GitHub) return;
        try
        {
            step = StepFiles.Find(Environment.GetEnvironmentVariable);
        }
        catch (SettingsException e)
        {
            // The files can be written nevertheless, so the error follows them.
            noStep = WmsErrors.From(e);
            if (files.Count == 0) Fail(noStep);
            WriteWarning("-GitHub works only in a step of GitHub Actions. The files are written, and then the cmdlet fails.");
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!IsGiven(nameof(InputObject))) return;
        foreach (object? record in InputObject ?? [null]) Accept(() => input.Add(record));
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        foreach (string run in (RunPath ?? []).Select(ResolvePath))
        {
            if (!Directory.Exists(run)) Fail(WmsErrors.PathNotFound(run, Location));
            Accept(() => input.AddRuns(run));
        }

        if (input.Refusal is { } refusal) FailInput(refusal);
        string[] scores = [.. input.Trainings.Select(t => t.OutputPath).Concat(input.Runs).Select(run => Path.Join(run, "metrics.json"))];
        foreach (string file in files)
        {
            if (SplitFolder.Contains(file)) Fail(WmsErrors.InSplitFolder(file, nameof(OutputPath)));
            if (Array.Find(scores, read => FileIdentity.IsSame(file, read)) is { } taken)
            {
                Fail(WmsErrors.ReplacesInput(file, taken, nameof(OutputPath)));
            }
        }

        string[] confirmed = [.. files.Where(file => ShouldProcess(file, "Write the report"))];
        bool append = step is not null && ShouldProcess(step.SummaryPath, "Append the report");
        RunOnWorker(worker =>
        {
            string markdown = input.Predictions.Count > 0 ? ReportPredictions(worker, confirmed)
                : input.Dataset is { } dataset ? ReportDataset(worker, dataset, confirmed)
                : ReportModels(worker, confirmed, append);
            if (append && !step!.AppendSummary(markdown))
            {
                worker.Warn("The report was not appended: the summary of this step would exceed the megabyte that GitHub shows.");
            }

            if (files.Count == 0 && (step is null || PassThru)) worker.Post(() => WriteObject(markdown.TrimEnd('\n')));
        });
        if (noStep is not null) WriteError(noStep);
    }

    private string ReportPredictions(PipelineWorker worker, string[] confirmed)
    {
        var report = new PredictionReportFile(input.Predictions);
        WriteFiles(worker, confirmed, "photos", (file, progress) => report.Write(file, worker.Warn, progress, worker.Stopping));
        return report.Markdown;
    }

    private string ReportDataset(PipelineWorker worker, CheckedDataset dataset, string[] confirmed)
    {
        string? workspace = Environment.GetEnvironmentVariable("GITHUB_WORKSPACE");
        WriteFiles(worker, confirmed, "findings with images", (file, progress) =>
            DatasetReportFile.Write(dataset, file, workspace, progress, worker.Stopping));
        return DatasetReportMarkdown.Render(dataset.Report, ReportRoot.Find(dataset.Report, workspace));
    }

    private string ReportModels(PipelineWorker worker, string[] confirmed, bool append)
    {
        var recorded = input.Trainings.Select(training => training.OutputPath).ToHashSet();
        var contents = new ReportContents
        {
            Trainings =
            [
                .. input.Trainings.Select(training => ReportedTraining.FromResult(training, worker.Warn)),
                .. input.Runs.Where(run => !recorded.Contains(run)).Select(run => ReportedTraining.FromRun(run, worker.Warn)),
            ],
            Comparison = input.Comparison,
            Photos = input.Comparison is { } comparison ? PhotosOf(comparison, worker.Warn) : [],
        };
        WriteFiles(worker, confirmed, "images", (file, progress) =>
            ReportFile.Write(contents, file, worker.Warn, progress, worker.Stopping));
        if (append) step!.AppendOutputs(StepOutputs.Create(contents));
        return MarkdownReport.Render(contents);
    }

    private void WriteFiles(PipelineWorker worker, string[] confirmed, string unit, Action<string, Action<int, int>> write)
    {
        foreach (string file in confirmed)
        {
            worker.Verbose($"Writing the report '{file}'.");
            write(file, (done, total) => worker.ReportCount("Writing " + file, done, total, unit));
            if (PassThru) worker.Post(() => WriteObject(new FileInfo(file)));
        }
    }

    private IReadOnlyList<ImageComparison> PhotosOf(ModelComparison comparison, Action<string> warn)
    {
        var piped = input.PhotosOf(comparison);
        if (input.Photos.Count > 0 && piped.Count == 0) warn("The photos in the input belong to other models and are left out.");
        var known = piped.Count > 0 ? piped : ComparedPhotos.For(comparison);
        if (known.Count == 0 && files.Exists(file => !file.EndsWith(".md", StringComparison.OrdinalIgnoreCase)))
        {
            warn("The report contains no photos: those of this comparison are not known in this session. "
                + "Pipe in the output of Compare-WmsModel -PerImage too.");
        }

        return known;
    }

    private void Accept(Func<string?> add)
    {
        try
        {
            if (add() is { } refusal) FailInput(refusal);
        }
        catch (Exception e) when (e is DatasetException or IOException or UnauthorizedAccessException)
        {
            Fail(WmsErrors.From(e, ErrorTarget));
        }
    }

    /// <summary>Reads a CSV file, with the separator of its first line: Export-Csv -UseCulture writes others than the comma.</summary>
    private static IEnumerable<PSObject> ReadCsv(string path)
    {
        // Read here, because Import-Csv refuses a file that is open in Excel.
        string text = HeldFile.ReadAllText(path);
        if (string.IsNullOrWhiteSpace(text)) return [];
        string head = text.Split('\n').FirstOrDefault(line => !line.StartsWith('#')) ?? "";
        char separator = new[] { ',', ';', '\t' }.MaxBy(letter => head.Count(other => other == letter));
        using var shell = System.Management.Automation.PowerShell.Create(RunspaceMode.CurrentRunspace);
        return shell.AddCommand("Microsoft.PowerShell.Utility\\ConvertFrom-Csv").AddParameter("InputObject", text)
            .AddParameter("Delimiter", separator).Invoke();
    }

    private void FailInput(string message) => Fail(WmsErrors.From(new SettingsException(nameof(InputObject), message)));
}
