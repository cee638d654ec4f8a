using System.Diagnostics;
using System.Management.Automation;
using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Evaluation;
using WaterMeters.Ml.Evaluation.Metrics;
using WaterMeters.Ml.Inference;
using WaterMeters.Ml.Models;
using WaterMeters.PowerShell.Completion;
using WaterMeters.PowerShell.Errors;

namespace WaterMeters.PowerShell.Commands.Models;

/// <summary>Measures how well a model finds the digit window.</summary>
/// <seealso cref="CompareWmsModelCommand"/>
/// <seealso href="about_WaterMeters_Datasets"/>
/// <remarks>
/// <para>Dice, IoU, pixel accuracy and Hausdorff distance of each photo at the model's input size and threshold 0.5, averaged over the photos. A mask without any meter scores about 0.98 pixel accuracy, so accuracy alone proves nothing.</para>
/// <para>A photo counts as seen (SeenPhotos) when the model learned from it or was chosen by it: from its file, from that file before or after a repair, or from a photo of which the data set's split says that it resembles it.</para>
/// </remarks>
/// <example><para>Measures a model on the photos it never trained on.</para><code>Measure-WmsModel ./models/production.safetensors ./meters</code></example>
/// <example><para>Finds the ten worst photos.</para><code>Measure-WmsModel ./runs/first/model.safetensors ./meters -PerImage | Sort-Object Dice | Select-Object -First 10 Name, Dice, Hausdorff</code></example>
[Cmdlet(VerbsDiagnostic.Measure, "WmsModel")]
[OutputType(typeof(ModelMetrics), typeof(ImageMetrics))]
public sealed class MeasureWmsModelCommand : WmsCmdlet
{
    /// <summary>The model's file; the nearest models/production.* when not given.</summary>
    [Parameter(Position = 0)]
    [ArgumentCompleter(typeof(ModelCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Model { get; set; }

    /// <summary>The model's file, out of a record or of a file that is piped in. -Model wins over it.</summary>
    /// <remarks>No alias of -Model: many records have a Model too, which is a name and no file.</remarks>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ModelCompleter))]
    [Alias("FullName")]
    [ValidateNotNullOrEmpty]
    public string? ModelPath { get; set; }

    /// <summary>Folder of the data set.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(DatasetFolderCompleter))]
    [ValidateNotNullOrEmpty]
    public string DataPath { get; set; } = "";

    /// <summary>A split file: JSON with fractions and single photos, by hash or name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SplitFileCompleter))]
    public string? SplitPath { get; set; }

    /// <summary>The part of the data set to measure on; Aside are the photos that are in none of the three others.</summary>
    [Parameter]
    public DatasetSplit Split { get; set; } = DatasetSplit.Test;

    /// <summary>Measures on the whole data set.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    /// <summary>Gives one record a photo.</summary>
    [Parameter]
    public SwitchParameter PerImage { get; set; }

    /// <summary>The numbers to compute with.</summary>
    [Parameter]
    public Precision Precision { get; set; } = Precision.Float32;

    /// <summary>Where to compute.</summary>
    [Parameter]
    public ComputeDevice Device { get; set; }

    /// <inheritdoc/>
    private protected override object WorksOn => DataPath;

    /// <inheritdoc/>
    private protected override bool FailureIsFinal => !MyInvocation.ExpectingInput;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!TryModelPath(Model ?? ModelPath, out string file)) return;
        string folder = Absolute(DataPath);
        string? split = string.IsNullOrEmpty(SplitPath) ? null : Absolute(SplitPath);
        RunOnWorker(worker =>
        {
            worker.Verbose($"Reading the model '{file}'.");
            var model = ModelFile.Load(file);
            worker.Verbose($"Reading the data set '{folder}'.");
            var data = DatasetContents.Read(folder, split, worker.Stopping);
            foreach (string warning in model.Warnings.Concat(data.Warnings)) worker.Post(() => WriteWarning(warning));
            var pairs = All ? data.Pairs : data.Part(Split);
            if (pairs.Count == 0) throw new DatasetException(folder, $"'{folder}' has no photo in its {Split} part. Name another -Split, or -All.");

            worker.Verbose("Preparing the network.");
            using var engine = InferenceEngines.Create(model, Precision, Device);
            long started = Stopwatch.GetTimestamp();
            var scores = new List<PhotoScore>();
            foreach (var score in new ModelEvaluator(engine).Measure(pairs, e => worker.Post(() => WriteError(WmsErrors.From(e))), worker.Stopping))
            {
                scores.Add(score);
                if (PerImage) worker.Post(() => WriteObject(MetricsMapper.ToRecord(score, model)));
                worker.Report("Measuring " + model.Name, $"{scores.Count} of {pairs.Count} photos", percent: (int)(100L * scores.Count / pairs.Count));
            }

            if (PerImage) return;
            if (scores.Count == 0) throw new DatasetException(folder, $"None of the {pairs.Count} photos could be measured. See the errors above, and Test-WmsDataset '{folder}'.");
            var metrics = MetricsMapper.ToRecord(scores, engine, folder, All ? null : Split, Stopwatch.GetElapsedTime(started));
            worker.Post(() => WriteObject(metrics));
        });
    }
}
