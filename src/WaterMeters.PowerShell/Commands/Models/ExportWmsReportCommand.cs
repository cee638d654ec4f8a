using System.Management.Automation;
using WaterMeters.Ml.Reporting.ModelReports;
using WaterMeters.Ops.GitHub;
using WaterMeters.PowerShell.Commands.Training;
using WaterMeters.PowerShell.Completion;
using WaterMeters.PowerShell.Errors;

namespace WaterMeters.PowerShell.Commands.Models;

/// <summary>Writes a report of trainings, of a comparison, or of both: Markdown, a page, or data.</summary>
/// <seealso cref="CompareWmsModelCommand"/>
/// <seealso cref="StartWmsTrainingCommand"/>
/// <remarks>
/// <para>Everything piped in goes into one report: any number of trainings, and one comparison. The Markdown, for a pull request or the summary of a build step, begins with the scores of both models and goes on with the verdict and what it rests on. The page is one HTML file that loads nothing: besides the tables it has the curves of the training, the scores of both models photo by photo, how the differences are spread, and the photos that gained most, lost most and are worst, each with the true outline and those of both models. The JSON holds every property of the records, in snake_case.</para>
/// <para>For the outlines both models predict these few photos once more. A model or a photo that is gone, or is another one by now, is a warning, and a sentence in the place of the image.</para>
/// <para>The photos come from the comparison itself, as long as it was made in this session; of one from another session or a job pipe in the records of Compare-WmsModel -PerImage too.</para>
/// <para>-GitHub works in a step of GitHub Actions. It appends the Markdown to the step's summary and sets the outputs passed (true or false), verdict, dice, iou, baseline_dice, baseline_iou and version: the first 12 digits of the digest of the new model's file. Of trainings alone passed and verdict are what the training's promotion decided; without one passed is false, for nothing was compared.</para>
/// </remarks>
/// <example><para>Trains, compares, and writes a page to look at and Markdown for a pull request.</para><code>$training = Start-WmsTraining ./meters
/// $comparison = $training | Compare-WmsModel -Baseline ./models/production.safetensors
/// $training, $comparison | Export-WmsReport -Path report.html, report.md</code></example>
/// <example><para>Shows the Markdown of a comparison.</para><code>Compare-WmsModel ./runs/second/model.safetensors ./models/production.safetensors ./meters | Export-WmsReport</code></example>
/// <example><para>Writes the curves of a run, be it finished or not.</para><code>Export-WmsReport -RunPath ./runs/first -Path curves.html</code></example>
/// <example><para>In a step of GitHub Actions: the summary, the outputs, and the page as an artifact to keep.</para><code>if ($env:GITHUB_ACTIONS) { Compare-WmsModel ./runs/second/model.safetensors ./models/production.safetensors ./meters | Export-WmsReport -Path report.html -GitHub }</code></example>
/// <seealso href="about_WaterMeters_Scripts"/>
[Cmdlet(VerbsData.Export, "WmsReport", SupportsShouldProcess = true)]
[OutputType(typeof(string), typeof(FileInfo))]
public sealed class ExportWmsReportCommand : WmsCmdlet
{
    private readonly List<string> files = [];
    private readonly List<TrainingResult> trainings = [];
    private readonly List<ImageComparison> photos = [];
    private ModelComparison? comparison;
    private StepFiles? step;

    /// <summary>The records of trainings and of one comparison, and with it those of its photos.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [AllowNull, AllowEmptyCollection]
    public object?[]? InputObject { get; set; }

    /// <summary>The files to write: .md for Markdown, .html or .htm for a page, .json for data. An older report is replaced. Without it the Markdown is put out.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string[]? Path { get; set; }

    /// <summary>Folders of trainings whose records are not at hand: the OutputPath of Start-WmsTraining.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RunFolderCompleter))]
    public string[]? RunPath { get; set; }

    /// <summary>Appends the Markdown to the summary of a step of GitHub Actions, and sets its outputs.</summary>
    [Parameter]
    public SwitchParameter GitHub { get; set; }

    /// <summary>Gives back the files that were written; with -GitHub and without -Path the Markdown.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    private protected override object WorksOn => Path is [var one] ? one : base.WorksOn;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        // Said before anything behind the pipe has worked for hours.
        foreach (string file in (Path ?? []).Select(Absolute))
        {
            if (!ReportFile.IsReportName(file)) Fail(WmsErrors.NoReportForm(file, nameof(Path), ReportFile.Extensions));
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
        foreach (object? record in InputObject ?? [null]) Take(record);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        string[] runs = [.. (RunPath ?? []).Select(Absolute).Where(run => !trainings.Exists(t => t.OutputPath == run)).Distinct()];
        if (comparison is null && photos.Count > 0) Refuse("Photos were given without their comparison. Pipe in what Compare-WmsModel gives without -PerImage too.");
        if (comparison is null && trainings.Count == 0 && runs.Length == 0) Refuse("Nothing was given to report on. Pipe in what Start-WmsTraining or Compare-WmsModel gives, or name a run with -RunPath.");
        string[] named = [.. files.Where(file => ShouldProcess(file, "Write the report"))];
        bool append = step is not null && ShouldProcess(step.SummaryPath, "Append the report");
        RunOnWorker(worker =>
        {
            void Warn(string message) => worker.Post(() => WriteWarning(message));
            var contents = new ReportContents
            {
                Trainings = [.. trainings.Select(t => ReportedTraining.FromResult(t, Warn)), .. runs.Select(run => ReportedTraining.FromRun(run, Warn))],
                Comparison = comparison,
                Photos = comparison is null ? [] : PhotosOf(comparison, Warn),
            };
            foreach (string file in named)
            {
                worker.Verbose($"Writing the report '{file}'.");
                ReportFile.Write(contents, file, Warn, (done, of) => worker.Report("Writing " + file, $"{done} of {of} images", percent: 100 * done / of), worker.Stopping);
                if (PassThru) worker.Post(() => WriteObject(new FileInfo(file)));
            }

            string markdown = MarkdownReport.Render(contents);
            if (append && !step!.AppendSummary(markdown)) Warn("The summary of this step is full: GitHub shows at most a megabyte of it, so the report was not appended.");
            if (append) step!.AppendOutputs(StepOutputs.Create(contents));
            if (files.Count == 0 && (step is null || PassThru)) worker.Post(() => WriteObject(markdown.TrimEnd('\n')));
        });
    }

    private void Take(object? record)
    {
        var wrapped = record is null ? null : PSObject.AsPSObject(record);
        switch (wrapped?.BaseObject)
        {
            case TrainingResult training:
                trainings.Add(training);
                break;
            case ModelComparison other when comparison is null || ReferenceEquals(comparison, other):
                comparison = other;
                break;
            case ModelComparison:
                Refuse("A report is about one comparison, and two were given. Write a report of each.");
                break;
            case ImageComparison photo:
                photos.Add(photo);
                break;
            case PSCustomObject when Restored(wrapped) is { } restored:
                Take(restored);
                break;
            case null:
                // What failed gives nothing; a report without it would look as if it had never been tried.
                Refuse("A record is empty, as that of a training or a comparison that failed. Pipe in only what there is.");
                break;
            default:
                Refuse($"A {wrapped.BaseObject.GetType().Name} is nothing to report on. Pipe in what Start-WmsTraining or Compare-WmsModel gives; a run's folder is named with -RunPath.");
                break;
        }
    }

    /// <summary>A record that came out of a job or a file of Export-Clixml, as what it was.</summary>
    private static object? Restored(PSObject record)
    {
        var type = record.TypeNames.Select(name => name switch
        {
            "Deserialized.WaterMeters.TrainingResult" => typeof(TrainingResult),
            "Deserialized.WaterMeters.ModelComparison" => typeof(ModelComparison),
            "Deserialized.WaterMeters.ImageComparison" => typeof(ImageComparison),
            _ => null,
        }).FirstOrDefault(t => t is not null);
        return type is not null && LanguagePrimitives.TryConvertTo(record, type, System.Globalization.CultureInfo.InvariantCulture, out object restored) ? restored : null;
    }

    private IReadOnlyList<ImageComparison> PhotosOf(ModelComparison of, Action<string> warn)
    {
        var piped = photos.Where(photo => photo.Candidate == of.Candidate && photo.Baseline == of.Baseline).DistinctBy(photo => photo.ImagePath).OrderBy(photo => photo.Name, StringComparer.Ordinal).ToList();
        if (photos.Count > 0 && piped.Count == 0) warn("The photos that were given are those of other models, and are left out.");
        var known = piped.Count > 0 ? piped : ComparedPhotos.For(of);
        if (known.Count == 0 && files.Exists(file => !file.EndsWith(".md", StringComparison.OrdinalIgnoreCase)))
        {
            warn("The photos that this comparison rests on are not known in this session, so the report names none. Pipe in what Compare-WmsModel -PerImage gives too.");
        }

        return known;
    }

    private void Refuse(string message) => Fail(WmsErrors.From(new SettingsException(nameof(InputObject), message)));
}
