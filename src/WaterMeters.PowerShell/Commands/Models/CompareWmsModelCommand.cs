using System.Management.Automation;
using WaterMeters.Ml.Datasets;
using WaterMeters.Ml.Evaluation;
using WaterMeters.Ml.Inference;
using WaterMeters.Ml.Models;
using WaterMeters.PowerShell.Completion;

namespace WaterMeters.PowerShell.Commands.Models;

/// <summary>Compares a new model with an old one on the same photos.</summary>
/// <seealso cref="MeasureWmsModelCommand"/>
/// <seealso href="about_WaterMeters_Datasets"/>
/// <remarks>
/// <para>Both models see the same photos with the same preprocessing, each at its own input size; photos that either was trained on or chosen by are left out and counted. The verdict is Superior when both mean Dice and mean IoU are higher, else Inconclusive.</para>
/// <para>It fails closed: a model or a photo that cannot be read is an error and never a pass.</para>
/// </remarks>
/// <example><para>Decides whether a new model may replace the one in production.</para><code>Compare-WmsModel ./runs/second/model.safetensors ./models/production.safetensors -DataPath ./meters</code></example>
/// <example><para>Trains and compares in one pipeline; the data set comes along.</para><code>Start-WmsTraining ./meters | Compare-WmsModel -Baseline ./models/production.safetensors</code></example>
/// <seealso href="about_WaterMeters_Scripts"/>
[Cmdlet(VerbsData.Compare, "WmsModel")]
[OutputType(typeof(ModelComparison), typeof(bool))]
public sealed class CompareWmsModelCommand : WmsCmdlet
{
    /// <summary>File of the new model.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ModelCompleter))]
    [Alias("ModelPath", "FullName")]
    [AllowNull, AllowEmptyString]
    public string Candidate { get; set; } = "";

    /// <summary>File of the model to beat.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ArgumentCompleter(typeof(ModelCompleter))]
    [AllowNull, AllowEmptyString]
    public string Baseline { get; set; } = "";

    /// <summary>Folder of the data set.</summary>
    [Parameter(Mandatory = true, Position = 2, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(DatasetFolderCompleter))]
    [AllowNull, AllowEmptyString]
    public string DataPath { get; set; } = "";

    /// <summary>A split file: JSON with fractions and single photos, by hash or name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SplitFileCompleter))]
    public string? SplitPath { get; set; }

    /// <summary>The part of the data set to compare on.</summary>
    [Parameter]
    public DatasetSplit Split { get; set; } = DatasetSplit.Test;

    /// <summary>The numbers to compute with.</summary>
    [Parameter]
    public Precision Precision { get; set; } = Precision.Float32;

    /// <summary>Where to compute.</summary>
    [Parameter]
    public ComputeDevice Device { get; set; }

    /// <summary>Gives only $true or $false: whether the candidate passed. A comparison that could not be made is an error and $false.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    private protected override object WorksOn => Candidate;

    /// <inheritdoc/>
    private protected override bool FailureIsFinal => !MyInvocation.ExpectingInput;

    /// <inheritdoc/>
    private protected override bool AlwaysAnswers => Quiet;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        bool compared = TryModelPath(Candidate ?? "", out string candidate) && TryModelPath(Baseline ?? "", out string baseline) && Compare(candidate, baseline);
        if (Quiet && !compared) WriteObject(false);
    }

    private bool Compare(string candidateFile, string baselineFile)
    {
        bool compared = false;
        string split = "";
        if (!TryPath(DataPath ?? "", out string folder) || (!string.IsNullOrEmpty(SplitPath) && !TryPath(SplitPath, out split))) return false;
        RunOnWorker(worker =>
        {
            worker.Verbose($"Reading the models '{candidateFile}' and '{baselineFile}'.");
            var candidateModel = ModelFile.Load(candidateFile);
            var baselineModel = ModelFile.Load(baselineFile);
            worker.Verbose($"Reading the data set '{folder}'.");
            var data = DatasetContents.Read(folder, split.Length > 0 ? split : null, worker.Stopping);
            foreach (string warning in candidateModel.Warnings.Concat(baselineModel.Warnings).Concat(data.Warnings)) worker.Post(() => WriteWarning(warning));
            worker.Verbose("Preparing the networks.");
            using var candidate = InferenceEngines.Create(candidateModel, Precision, Device);
            using var baseline = InferenceEngines.Create(baselineModel, Precision, Device);
            var comparison = ModelComparer.Compare(
                candidate, baseline, data, Split,
                (done, of) => worker.Report("Comparing " + candidateModel.Name, $"{done} of {of} measurements", percent: (int)(100L * done / of)),
                worker.Stopping);
            worker.Post(() =>
            {
                compared = true;
                if (Quiet) WriteObject(comparison.Passed);
                else WriteObject(comparison);
            });
        });
        return compared;
    }

    private bool TryPath(string path, out string absolute)
    {
        if (TryAbsolute(path, out absolute, out var error)) return true;
        Fail(error);
        return false;
    }
}
