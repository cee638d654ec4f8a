using System.Diagnostics;
using System.Management.Automation;
using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Evaluation;
using WaterMeters.Ml.Evaluation.Metrics;
using WaterMeters.Ml.Inference;
using WaterMeters.Ml.Models;
using WaterMeters.PowerShell.Completion;

namespace WaterMeters.PowerShell.Commands.Models;

/// <summary>Measures how well a model finds the digit window.</summary>
/// <seealso cref="CompareWmsModelCommand"/>
/// <seealso href="about_WaterMeters_Datasets"/>
/// <remarks>
/// <para>Measures Dice, IoU, pixel accuracy and Hausdorff distance of each photo at the model's input size and threshold 0.5, averaged over
/// the photos. An empty mask has a pixel accuracy of about 0.98, so pixel accuracy alone proves nothing.</para>
/// <para>A photo counts as seen (SeenPhotos) if the model was trained or selected on its file, on that file before or after a repair, or
/// on a photo that it resembles according to the split of the data set.</para>
/// </remarks>
/// <example><para>Measure a model on the photos it was not trained on.</para>
/// <code>Measure-WmsModel ./models/production.safetensors ./meters</code></example>
/// <example><para>Find the ten worst photos.</para>
/// <code>
/// Measure-WmsModel ./runs/first/model.safetensors ./meters -PerImage |
///     Sort-Object Dice | Select-Object -First 10 Name, Dice, Hausdorff
/// </code></example>
[Cmdlet(VerbsDiagnostic.Measure, "WmsModel")]
[OutputType(typeof(ModelMetrics), typeof(ImageMetrics))]
public sealed class MeasureWmsModelCommand : WmsCmdlet
{
    /// <summary>
    /// The model: a file, the folder of a run, or a model of the registry: a stage, an alias, a version, runs:/ID, or
    /// models:/NAME/VERSION; also a file or record in the pipeline. The default is the nearest models/production.*, or else the version in
    /// production.
    /// </summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [PSDefaultValue(Help = "the nearest models/production.*, or Production in the registry")]
    [PathOf("ModelPath", "FullName", "PSPath", "Path", "Name")]
    [ArgumentCompleter(typeof(ModelCompleter))]
    [Alias("ModelPath")]
    [ValidateNotNullOrEmpty]
    public string? Model { get; set; }

    /// <summary>Folder of the data set.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [PSDefaultValue(Help = "dataset.path of wms.yaml")]
    [ArgumentCompleter(typeof(DatasetFolderCompleter))]
    [ValidateNotNullOrEmpty]
    public string DataPath { get; set; } = "";

    /// <summary>A split file: JSON with fractions and single photos, by hash or name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SplitFileCompleter))]
    public string? SplitPath { get; set; }

    /// <summary>The part of the data set to measure on. Aside selects the photos that are in none of the other three.</summary>
    [Parameter]
    [OneValue]
    public DatasetSplit Split { get; set; } = DatasetSplit.Test;

    /// <summary>Measures on the whole data set.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    /// <summary>Returns one record for each photo.</summary>
    [Parameter]
    public SwitchParameter PerImage { get; set; }

    /// <summary>Numeric precision: Auto, Float32 or BFloat16. Auto uses BFloat16 where the processor supports it in hardware.</summary>
    [Parameter]
    [OneValue]
    public Precision Precision { get; set; } = Precision.Float32;

    /// <summary>Compute device: Auto, Cpu or Cuda. Auto uses CUDA if it is available.</summary>
    [Parameter]
    [OneValue]
    public ComputeDevice Device { get; set; }

    /// <summary>
    /// The store in which -Model is looked up: a database (mlflow.db), or the address of an MLflow server.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [PSDefaultValue(Help = "MLFLOW_TRACKING_URI, tracking.uri of wms.yaml, or the nearest mlflow.db")]
    [AllowNull, AllowEmptyString]
    public string? TrackingUri { get; set; }

    /// <inheritdoc/>
    private protected override string? StoreAddress => TrackingUri;

    /// <inheritdoc/>
    private protected override object ErrorTarget => DataPath;

    /// <inheritdoc/>
    private protected override bool FailureTerminates => !MyInvocation.ExpectingInput;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!TryModelPath(Model, out string file)) return;
        if (!TryDataPath(DataPath, out string folder)) return;
        string? split = null;
        if (!string.IsNullOrEmpty(SplitPath)) split = ResolvePath(SplitPath);
        else if (!TryProjectSplit(folder, out split)) return;
        RunOnWorker(worker => Measure(worker, file, folder, split));
    }

    private void Measure(PipelineWorker worker, string file, string folder, string? split)
    {
        worker.Verbose($"Reading the model '{file}'.");
        var model = ModelFile.Load(file);
        worker.Verbose($"Reading the data set '{folder}'.");
        var data = DatasetContents.Read(folder, split, worker.Stopping);
        foreach (string warning in data.Warnings) worker.Warn(warning);
        var pairs = All ? data.Pairs : data.Part(Split);
        if (pairs.Count == 0)
        {
            throw new DatasetException(folder, $"'{folder}' has no photo in its {Split} part. Choose another -Split, or use -All.");
        }

        data.EnsureWindow(pairs, All ? "the whole data set" : $"the {Split} part", worker.Stopping);
        WarnOf(worker, model);
        worker.Verbose("Preparing the network.");
        using var engine = InferenceEngines.Create(model, Precision, Device);
        long started = Stopwatch.GetTimestamp();
        var scores = new List<PhotoScore>();
        foreach (var score in new ModelEvaluator(engine).Measure(pairs, worker.Error, worker.Stopping))
        {
            scores.Add(score);
            if (PerImage) worker.Post(() => WriteObject(MetricsMapper.ToRecord(score, model)));
            worker.ReportCount("Measuring " + model.Name, scores.Count, pairs.Count, "photos");
        }

        if (PerImage) return;
        if (scores.Count == 0)
        {
            throw new DatasetException(
                folder, $"None of the {pairs.Count} photos could be measured. See the errors above, or run Test-WmsDataset '{folder}'.");
        }

        var metrics = MetricsMapper.ToRecord(scores, engine, folder, All ? null : Split, Stopwatch.GetElapsedTime(started));
        worker.Post(() => WriteObject(metrics));
    }
}
