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
/// <para>Gives one flat record a photo, in the order of the photos: where the window is, how sure the network is, and which files were written. Photos are read ahead and masks written behind while the network computes; what is under way is bounded: photos, masks and files together take at most 256 MB, at five bytes a pixel, and a larger photo goes alone. One of 48 megapixels takes 240 MB.</para>
/// <para>Without -OutputPath nothing is written. A folder stands for the photos in it. With no photos at all, those in photos_to_predict/ are predicted into predicted_masks/.</para>
/// <para>One bad photo is an error that does not end the pipeline. Two photos of the same name would have the same mask: the second is an error that names both.</para>
/// </remarks>
/// <example><para>Writes masks and a table.</para><code>Get-ChildItem ./photos/*.jpg | Invoke-WmsPrediction -Model ./models/production.safetensors -OutputPath ./masks | Export-Csv windows.csv</code></example>
/// <example><para>Lists the photos that a person should look at.</para><code>Invoke-WmsPrediction ./photos | Where-Object { $_.Regions -ne 1 -or $_.Confidence -lt 0.8 }</code></example>
/// <example><para>Takes up where a broken run ended, with images to look at.</para><code>Invoke-WmsPrediction ./photos -OutputPath ./masks -Overlay -SkipExisting</code></example>
[Cmdlet(VerbsLifecycle.Invoke, "WmsPrediction", DefaultParameterSetName = ByPath, SupportsShouldProcess = true)]
[OutputType(typeof(WaterMeters.Prediction))]
public sealed class InvokeWmsPredictionCommand : PathCmdlet
{
    private const string DefaultPhotos = "photos_to_predict", DefaultMasks = "predicted_masks";

    private PhotoQueue? queue;
    private string? outputPath;
    private string modelPath = "";
    private bool refused;

    /// <summary>The model's file; the nearest models/production.* when not given.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ModelCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Model { get; set; }

    /// <summary>Folder for the masks, PNG with 0 and 255, named as their photos; it is made when it is not there.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? OutputPath { get; set; }

    /// <summary>Writes each photo with its mask's outline too, beside the mask.</summary>
    [Parameter]
    public SwitchParameter Overlay { get; set; }

    /// <summary>The size masks are written in: the photo's own, or the network's.</summary>
    [Parameter]
    public MaskSize MaskSize { get; set; }

    /// <summary>Passes over photos whose mask is there already.</summary>
    [Parameter]
    public SwitchParameter SkipExisting { get; set; }

    /// <summary>Replaces masks that are there already.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>The numbers to compute with.</summary>
    [Parameter]
    public Precision Precision { get; set; }

    /// <summary>Where to compute.</summary>
    [Parameter]
    public ComputeDevice Device { get; set; }

    // Photos are under way by the dozen when a network fails; there is one model.
    /// <inheritdoc/>
    private protected override object WorksOn => modelPath;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        bool noPhotos = !IsNamed && !MyInvocation.ExpectingInput;
        if (noPhotos)
        {
            Path = [DefaultPhotos];
            OutputPath ??= DefaultMasks;
        }

        if (Overlay && OutputPath is null) ThrowTerminatingError(WmsErrors.From(new SettingsException(nameof(Overlay), "-Overlay writes images beside the masks. Name a folder for both with -OutputPath.")));
        if (SkipExisting && (Force || OutputPath is null)) ThrowTerminatingError(WmsErrors.From(new SettingsException(nameof(SkipExisting), "-SkipExisting passes over photos whose mask is there: it needs -OutputPath, and contradicts -Force. Use one of them.")));
        outputPath = OutputPath is null ? null : Absolute(OutputPath);
        if (!TryModelPath(Model, out string file)) return;
        modelPath = file;
        if (noPhotos && !Directory.Exists(Absolute(DefaultPhotos))) ThrowTerminatingError(WmsErrors.NoDefaultPhotos(DefaultPhotos, SessionState.Path.CurrentFileSystemLocation.ProviderPath));
        refused = outputPath is not null && !ShouldProcess(outputPath, "Predict masks");
        if (refused) return;

        var photos = queue = new PhotoQueue();
        var options = new PredictionOptions { OutputPath = outputPath, Overlay = Overlay, MaskSize = MaskSize, Force = Force, SkipExisting = SkipExisting };
        StartWorker(worker => Predict(worker, file, photos, options));
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (refused) return;
        foreach (string photo in Paths().SelectMany(Expand))
        {
            while (!queue!.TryAdd(photo)) AwaitWorker();
            PumpWorker();
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (refused) return;
        queue!.Complete();
        FinishWorker();
    }

    private void Predict(PipelineWorker worker, string file, PhotoQueue photos, PredictionOptions options)
    {
        worker.Verbose($"Reading the model '{file}'.");
        var model = ModelFile.Load(file);
        foreach (string assumption in model.Assumptions) worker.Post(() => WriteWarning(assumption));
        worker.Verbose("Preparing the network.");
        if (options.OutputPath is not null) MakeFolder(options.OutputPath);
        using var engine = InferenceEngines.Create(model, Precision, Device);
        int done = 0;
        foreach (var outcome in new PhotoPredictor(engine, options).Run(photos, worker.Stopping))
        {
            if (outcome.Failure is { } failure) worker.Post(() => WriteError(WmsErrors.From(failure)));
            else if (outcome.Prediction is { } prediction) worker.Post(() => WriteObject(prediction));
            worker.Report("Predicting with " + model.Name, $"{++done} photos");
        }
    }

    private static void MakeFolder(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException(path, $"No masks can be written to '{path}': {e.Sentence()} Name another -OutputPath.", e);
        }
    }

    private IEnumerable<string> Expand(string path)
    {
        if (!Directory.Exists(path)) return [path];
        try
        {
            string[] photos = DatasetListing.ListPhotos(path);
            if (photos.Length == 0) WriteError(WmsErrors.NoPhotos(path));
            return photos;
        }
        catch (DatasetException e)
        {
            // One folder that cannot be listed leaves the others.
            WriteError(WmsErrors.From(e));
            return [];
        }
    }
}
