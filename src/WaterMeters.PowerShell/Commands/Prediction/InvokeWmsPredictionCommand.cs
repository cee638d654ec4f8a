using System.Management.Automation;
using WaterMeters.Ml.Datasets;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Imaging;
using WaterMeters.Ml.Inference;
using WaterMeters.Ml.Models;
using WaterMeters.PowerShell.Completion;
using WaterMeters.PowerShell.Errors;

namespace WaterMeters.PowerShell.Commands.Prediction;

/// <summary>Finds the digit window on photos of water meters.</summary>
/// <seealso href="about_WaterMeters"/>
/// <seealso href="about_WaterMeters_Settings"/>
/// <remarks>
/// <para>Returns one record for each photo, in input order: the position of the window, the confidence of the network, and the files
/// written. Photos are read and masks written in the background while the network computes. Photos, masks and files in memory are limited
/// to 256 MB in total, at five bytes a pixel; a larger photo is processed alone. A photo of 48 megapixels takes 240 MB. A JPEG of 100 to
/// 256 megapixels is decoded at half its size; its mask still has the size of the photo.</para>
/// <para>-CropPath writes the window of each photo as a file of its own, NAME.window.jpg or .png: the rectangle around the largest region,
/// with a margin of a fifth of its height on each side, turned so that its longer side is level, at the resolution of the photo. That
/// leaves two ways up. Most meters have red drums behind the decimal point: where they show that the digits stand on their heads,
/// DigitsUpright is False and the file is turned by 180 degrees more; where they show that the digits stand upright, it is True; without a
/// clear answer it is empty, and the file is only level. A photo without a window has no such file.</para>
/// <para>After two or more photos, an information line (tag WmsPrediction) counts the windows found and not found, the photos with several
/// regions, and states the mean confidence and the photos a second. It is not in the output: a console shows it, and redirected output has
/// it only with -InformationAction Continue. Its data is a WaterMeters.PredictionBatch, for scripts that use -InformationVariable.</para>
/// <para>Without -OutputPath and -CropPath nothing is written. A folder stands for the photos in it. Without any photos, those in
/// photos_to_predict/ are predicted into predicted_masks/.</para>
/// <para>Masks that exist are kept, unless -Force replaces them: one error counts them at the end, and the property Masks of its exception
/// lists them. Masks are never written over the photos, also not through a link.</para>
/// <para>After a stop, by Ctrl+C or a cmdlet that takes only the first records, no photo is started; those in flight are finished, at most
/// eight masks more than records.</para>
/// <para>A folder's hidden and temporary files (._NAME.jpg, .trashed-1-NAME.jpg) and images of formats that are not read (.heic, .tif) are
/// left out, with a warning that counts them. A file given by its name is always taken. A photo whose pixels are damaged is predicted, with
/// a warning that names it.</para>
/// <para>A bad photo is a non-terminating error. Two photos of the same name would have the same mask: the second is an error that names
/// both.</para>
/// </remarks>
/// <example><para>Write masks and a table.</para>
/// <code>
/// Get-ChildItem ./photos/*.jpg |
///     Invoke-WmsPrediction -Model ./models/production.safetensors -OutputPath ./masks | Export-Csv windows.csv
/// </code></example>
/// <example><para>Predict with the version of the registry that is in production.</para>
/// <code>Invoke-WmsPrediction ./photos -Model Production -OutputPath ./masks</code></example>
/// <example><para>List the photos that a person should check.</para>
/// <code>Invoke-WmsPrediction ./photos | Where-Object { $_.Regions -ne 1 -or $_.Confidence -lt 0.8 }</code></example>
/// <example><para>Cut out the windows, turned level, and keep the summary.</para>
/// <code>
/// $windows = Invoke-WmsPrediction ./photos -CropPath ./windows -InformationVariable lines
/// $lines.MessageData | Select-Object Photos, Found, NotFound, SeveralRegions
/// </code></example>
/// <example><para>List the windows whose digits may stand on their heads.</para>
/// <code>Invoke-WmsPrediction ./photos -CropPath ./windows | Where-Object { $null -eq $_.DigitsUpright } | Select-Object CropPath</code>
/// </example>
/// <example><para>Continue an interrupted prediction, with overlays to look at.</para>
/// <code>Invoke-WmsPrediction ./photos -OutputPath ./masks -Overlay -SkipExisting</code></example>
[Cmdlet(VerbsLifecycle.Invoke, "WmsPrediction", DefaultParameterSetName = ByPath, SupportsShouldProcess = true)]
[OutputType(typeof(WaterMeters.Prediction))]
public sealed partial class InvokeWmsPredictionCommand : PathCmdlet
{
    private const string DefaultPhotos = "photos_to_predict", DefaultMasks = "predicted_masks";

    private const string SummaryTag = "WmsPrediction";

    // A photo that is given twice, by its name and by its folder, is predicted once.
    private readonly HashSet<string> given = new(PathComparer);

    private PhotoQueue? queue;
    private int added;
    private volatile int total; // 0 while it is unknown; read by the worker
    private string? outputPath, cropPath;
    private string modelPath = "";
    private bool declined, useDefaults, isModelGiven, arePhotosGiven;

    // Many photos are in flight when the engine fails; report the model.
    /// <inheritdoc/>
    private protected override object ErrorTarget => modelPath;

    /// <inheritdoc/>
    private protected override string? StoreAddress => TrackingUri;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        useDefaults = !IsPathGiven && !MyInvocation.ExpectingInput;
        if (useDefaults)
        {
            Path = [DefaultPhotos];
            OutputPath ??= DefaultMasks;
        }

        if (Overlay && OutputPath is null)
        {
            FailSetting(nameof(Overlay), "-Overlay writes images beside the masks and needs a folder. Name it with -OutputPath.");
        }

        if (SkipExisting && (Force || (OutputPath is null && CropPath is null)))
        {
            FailSetting(
                nameof(SkipExisting),
                "-SkipExisting skips photos whose mask or window exists. Use it with -OutputPath or -CropPath, and without -Force.");
        }

        if (IsGiven(nameof(CropFormat)) && CropPath is null)
        {
            FailSetting(nameof(CropFormat), "-CropFormat is the format of the files in -CropPath. Add -CropPath, or omit -CropFormat.");
        }

        outputPath = OutputPath is null ? null : ResolvePath(OutputPath);
        cropPath = CropPath is null ? null : ResolvePath(CropPath);
        (isModelGiven, arePhotosGiven) = (Model is not null || ModelPath is not null, IsPathGiven);

        // A model that the pipeline may bring is known with its first record.
        if (!isModelGiven && MyInvocation.ExpectingInput) return;
        Start(Model ?? ModelPath);
    }

    /// <summary>Starts to predict with a model, after the photos of another are finished.</summary>
    private void Start(string? model)
    {
        if (!TryModelPath(model, out string file) || file == modelPath) return;
        if (queue is not null) EndProcessing();
        added = total = 0;
        given.Clear();
        ForgetPaths();
        modelPath = file;
        if (useDefaults && !Directory.Exists(ResolvePath(DefaultPhotos)))
        {
            ThrowTerminatingError(WmsErrors.NoDefaultPhotos(DefaultPhotos, Location));
        }

        declined = (outputPath is not null && !ShouldProcess(outputPath, "Predict masks"))
            || (cropPath is not null && !ShouldProcess(cropPath, "Cut out the windows"));
        if (declined) return;

        var photos = queue = new PhotoQueue();
        var options = new PredictionOptions
        {
            OutputPath = outputPath, CropPath = cropPath, CropFormat = CropFormat,
            Overlay = Overlay, MaskSize = MaskSize, Force = Force, SkipExisting = SkipExisting,
        };
        StartWorker(worker => Predict(worker, file, photos, options));
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!isModelGiven && MyInvocation.ExpectingInput)
        {
            // A record with a model and without a photo stands for the default photos.
            useDefaults = ModelPath is not null && !arePhotosGiven && LiteralPath is null && Path is [DefaultPhotos];
            if (useDefaults) outputPath ??= ResolvePath(DefaultMasks);
            Start(ModelPath);
        }

        if (declined) return;
        string[] photos = [.. ResolvedPaths().SelectMany(ExpandFolder).Where(given.Add)];
        added += photos.Length;

        // Named on the command line, these are all.
        if (!MyInvocation.ExpectingInput) total = added;
        foreach (string photo in photos)
        {
            while (!queue!.TryAdd(photo)) AwaitWorker();
            PumpWorker();
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (declined || queue is null) return;
        total = added;
        queue.Complete();
        FinishWorker();
    }

    private void Predict(PipelineWorker worker, string file, PhotoQueue photos, PredictionOptions options)
    {
        worker.Verbose($"Reading the model '{file}'.");
        var model = ModelFile.Load(file);
        worker.Verbose("Preparing the network.");
        if (options.OutputPath is not null) CreateFolder(options.OutputPath, nameof(OutputPath));
        if (options.CropPath is not null) CreateFolder(options.CropPath, nameof(CropPath));
        using var engine = InferenceEngines.Create(model, Precision, Device);
        var tally = new PredictionTally();
        var existing = new List<MaskExistsException>();
        foreach (var outcome in new PhotoPredictor(engine, options).Run(photos, worker.Stopping))
        {
            if (outcome.Failure is MaskExistsException exists) existing.Add(exists);
            else if (outcome.Failure is { } failure) worker.Error(failure);
            else if (outcome.Prediction is { } prediction) worker.PostInStep(() => WriteObject(prediction));
            if (tally.Outcomes == 0) WarnOf(worker, model, model.Assumptions);
            if (outcome.Warning is { } warning) worker.Warn(warning);
            tally.Add(outcome);
            string work = "Predicting with " + model.Name;
            if (total > 0) worker.ReportCount(work, tally.Outcomes, total, "photos");
            else worker.Report(work, FormattableString.Invariant($"{tally.Outcomes} photos"));
        }

        if (existing.Count > 0) ReportExisting(worker, existing, tally.Outcomes, options);

        // In a loop that predicts photo by photo, a summary of each would be noise; in redirected output, it would be between the records
        // that a program reads, such as JSON.
        string[] tags = Console.IsOutputRedirected ? [SummaryTag] : ["PSHOST", SummaryTag];
        if (tally.Outcomes > 1) worker.Post(() => WriteInformation(tally.Summarize(), tags));
    }

    // One error for all: predicting a folder again would fill the screen. The masks are in the exception, and in verbose messages.
    private static void ReportExisting(PipelineWorker worker, List<MaskExistsException> existing, int photos, PredictionOptions options)
    {
        if (existing.Count > 1)
        {
            foreach (var one in existing) worker.Verbose(one.Message);
        }

        var (folder, what) = options.OutputPath is { } masks ? (masks, "mask") : (options.CropPath!, "window");
        worker.Error(existing is [var single] ? single : new MaskExistsException(
            folder,
            $"{existing.Count} of {photos} photos have a {what} in '{folder}' already, the first is '{existing[0].Masks[0]}'. "
            + "Use -Force to replace them, or -SkipExisting to keep them.",
            [.. existing.SelectMany(one => one.Masks)]));
    }

    private static void CreateFolder(string path, string parameter)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException(path, $"Cannot create the folder '{path}': {e.Sentence()} Choose another -{parameter}.", e);
        }
    }

    private void FailSetting(string parameter, string message) =>
        ThrowTerminatingError(WmsErrors.From(new SettingsException(parameter, message)));

    private IEnumerable<string> ExpandFolder(string path)
    {
        if (!Directory.Exists(path)) return [path];
        try
        {
            var folder = PhotoFolder.List(path);
            string[] photos = folder.Photos;
            if (folder.LeftOut is { } line) WriteWarning(line);
            if (photos.Length == 0) WriteError(WmsErrors.NoPhotos(path));
            return photos;
        }
        catch (DatasetException e)
        {
            // One bad folder does not stop the others.
            WriteError(WmsErrors.From(e));
            return [];
        }
    }
}
