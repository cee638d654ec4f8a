using System.Management.Automation;
using WaterMeters.Ml.Reporting.ModelReports;
using WaterMeters.Ops.GitHub;
using WaterMeters.PowerShell.Commands.Training;
using WaterMeters.PowerShell.Completion;
using WaterMeters.PowerShell.Errors;

namespace WaterMeters.PowerShell.Commands.Models;

/// <summary>Writes a report of trainings, of a comparison, or of both, as Markdown, HTML or JSON.</summary>
/// <seealso cref="CompareWmsModelCommand"/>
/// <seealso cref="StartWmsTrainingCommand"/>
/// <remarks>
/// <para>All input goes into one report: any number of trainings and one comparison. The Markdown, for a pull request or the summary of a
/// build step, starts with the scores of both models, followed by the verdict and its reasons. The HTML page is one file that loads nothing
/// else: besides the tables it shows the training curves, the scores of both models for each photo, the distribution of the differences,
/// and the photos that gained most, lost most and are worst, each with the true outline and those of both models. The JSON has every
/// property of the records, in snake_case.</para>
/// <para>For the outlines both models predict these few photos again. If a model or photo is missing or has changed, there is a warning,
/// and a sentence instead of the image.</para>
/// <para>The photos come from the comparison itself if it was made in this session. For a comparison from another session or a job, also
/// pipe in the records of Compare-WmsModel -PerImage.</para>
/// <para>-GitHub works in a step of GitHub Actions. It appends the Markdown to the summary of the step and sets the outputs passed (true or
/// false), verdict, dice, iou, baseline_dice, baseline_iou and version, which is the first 12 digits of the digest of the new model's file.
/// For trainings without a comparison, passed and verdict are those of the promotion; without a promotion passed is false, since nothing
/// was compared.</para>
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
/// <code>Export-WmsReport -RunPath ./runs/first -OutputPath curves.html</code></example>
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
    private readonly ReportInput input = new();
    private StepFiles? step;

    /// <summary>The records of trainings and of one comparison, and optionally those of its photos.</summary>
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

    /// <summary>Folders of training runs to include without their records: the OutputPath of Start-WmsTraining.</summary>
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
            Fail(WmsErrors.From(e));
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!IsGiven(nameof(InputObject))) return;
        foreach (object? record in InputObject ?? [null])
        {
            if (input.Add(record) is { } refusal) FailInput(refusal);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        string[] runs = [.. (RunPath ?? []).Select(ResolvePath).Where(run => !input.Trainings.Exists(t => t.OutputPath == run)).Distinct()];
        if (input.Comparison is null && input.Photos.Count > 0)
        {
            FailInput("The input has photos without their comparison. Pipe in the output of Compare-WmsModel without -PerImage too.");
        }

        if (input.Comparison is null && input.Trainings.Count == 0 && runs.Length == 0)
        {
            FailInput("There is nothing to report on. Pipe in the output of Start-WmsTraining or Compare-WmsModel, or use -RunPath.");
        }

        string[] confirmed = [.. files.Where(file => ShouldProcess(file, "Write the report"))];
        bool append = step is not null && ShouldProcess(step.SummaryPath, "Append the report");
        RunOnWorker(worker =>
        {
            var contents = new ReportContents
            {
                Trainings = [
                    .. input.Trainings.Select(t => ReportedTraining.FromResult(t, worker.Warn)),
                    .. runs.Select(run => ReportedTraining.FromRun(run, worker.Warn))],
                Comparison = input.Comparison,
                Photos = input.Comparison is { } comparison ? PhotosOf(comparison, worker.Warn) : [],
            };
            foreach (string file in confirmed)
            {
                worker.Verbose($"Writing the report '{file}'.");
                void Report(int done, int total) => worker.ReportCount("Writing " + file, done, total, "images");
                ReportFile.Write(contents, file, worker.Warn, Report, worker.Stopping);
                if (PassThru) worker.Post(() => WriteObject(new FileInfo(file)));
            }

            string markdown = MarkdownReport.Render(contents);
            if (append && !step!.AppendSummary(markdown))
            {
                worker.Warn("The report was not appended: the summary of this step would exceed the megabyte that GitHub shows.");
            }

            if (append) step!.AppendOutputs(StepOutputs.Create(contents));
            if (files.Count == 0 && (step is null || PassThru)) worker.Post(() => WriteObject(markdown.TrimEnd('\n')));
        });
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

    private void FailInput(string message) => Fail(WmsErrors.From(new SettingsException(nameof(InputObject), message)));
}
