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
/// regions, and states the mean confidence and the photos a second. Its data is a WaterMeters.PredictionBatch, for scripts that use
/// -InformationVariable; it is not in the output.</para>
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
public sealed class InvokeWmsPredictionCommand : PathCmdlet
{
    private const string DefaultPhotos = "photos_to_predict", DefaultMasks = "predicted_masks";

    // Tagged as what Write-Host writes: the host shows it.
    private static readonly string[] SummaryTags = ["PSHOST", "WmsPrediction"];

    // A photo that is given twice, by its name and by its folder, is predicted once.
    private readonly HashSet<string> given = new(PathComparer);

    private PhotoQueue? queue;
    private int added;
    private volatile int total; // 0 while it is unknown; read by the worker
    private string? outputPath, cropPath;
    private string modelPath = "";
    private bool declined, useDefaults, isModelGiven, arePhotosGiven;

    /// <summary>Photos, or folders of photos. Wildcards are permitted.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ParameterSetName = ByPath)]
    [PSDefaultValue(Help = DefaultPhotos)]
    [PathOf("Path", "Name", IsPattern = true, BoundElsewhere = ["LiteralPath", "PSPath", "FullName", "ImagePath"], OfModel = DefaultPhotos)]
    [SupportsWildcards]
    public override string[]? Path { get; set; }

    /// <summary>The model file, or the folder of a run. The default is the nearest models/production.*.</summary>
    [Parameter]
    [PSDefaultValue(Help = "the nearest models/production.*")]
    [ArgumentCompleter(typeof(ModelCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Model { get; set; }

    /// <summary>
    /// The model file, from a record in the pipeline, such as that of a training. A record that names a photo too is predicted with its own
    /// model. -Model takes precedence.
    /// </summary>
    /// <remarks>Not an alias of -Model: many records have a property Model too, which is a name and not a file.</remarks>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ModelCompleter))]
    [ValidateNotNullOrEmpty]
    public string? ModelPath { get; set; }

    /// <summary>
    /// Folder for the masks: PNG files of 0 and 255, named as their photos. It is created if it does not exist.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? OutputPath { get; set; }

    /// <summary>
    /// Also writes each photo beside its mask, with the outline of the mask in green, the rotated box of the largest region in amber, and
    /// a label: confidence, angle, and the number of regions if it is not 1.
    /// </summary>
    [Parameter]
    public SwitchParameter Overlay { get; set; }

    /// <summary>
    /// Folder for the windows: each photo's window, cut out and turned level, as NAME.window.jpg or NAME.window.png. It is created if it
    /// does not exist, and may be the folder of the masks.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? CropPath { get; set; }

    /// <summary>Format of the files in -CropPath: Jpeg (quality 95) or Png.</summary>
    [Parameter]
    [OneValue]
    public CropFormat CropFormat { get; set; }

    /// <summary>Size of the masks: that of the photo, or the input size of the model.</summary>
    [Parameter]
    [OneValue]
    public MaskSize MaskSize { get; set; }

    /// <summary>Skips photos whose mask exists or, with -CropPath and without -OutputPath, whose window exists.</summary>
    [Parameter]
    public SwitchParameter SkipExisting { get; set; }

    /// <summary>Replaces existing masks and windows.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Numeric precision: Auto, Float32 or BFloat16. Auto uses BFloat16 where the processor supports it in hardware.</summary>
    [Parameter]
    [OneValue]
    public Precision Precision { get; set; }

    /// <summary>Compute device: Auto, Cpu or Cuda. Auto uses CUDA if it is available.</summary>
    [Parameter]
    [OneValue]
    public ComputeDevice Device { get; set; }

    // Many photos are in flight when the engine fails; report the model.
    /// <inheritdoc/>
    private protected override object ErrorTarget => modelPath;

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

        // In a loop that predicts photo by photo, a summary of each would be noise.
        if (tally.Outcomes > 1) worker.Post(() => WriteInformation(tally.Summarize(), SummaryTags));
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
