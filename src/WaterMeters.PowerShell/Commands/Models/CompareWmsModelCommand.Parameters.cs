using System.Management.Automation;
using WaterMeters.PowerShell.Completion;

namespace WaterMeters.PowerShell.Commands.Models;

public sealed partial class CompareWmsModelCommand
{
    private const string WithBaseline = "Baseline", WithoutBaseline = "NoBaseline";

    /// <summary>
    /// The new model: a file, the folder of a run, or a model of the registry, such as Staging; also a file or record in the pipeline.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [PathOf("ModelPath", "Candidate", "FullName", "PSPath", "Path", "Name")]
    [ArgumentCompleter(typeof(ModelCompleter))]
    [Alias("ModelPath", "FullName", "Model")]
    [AllowNull, AllowEmptyString]
    public string Candidate { get; set; } = "";

    /// <summary>The model to beat: a file, the folder of a run, or a model of the registry, such as Production.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = WithBaseline)]
    [ArgumentCompleter(typeof(ModelCompleter))]
    [AllowNull, AllowEmptyString]
    public string Baseline { get; set; } = "";

    /// <summary>States that there is no model to beat. The verdict is NoBaseline, which passes only with a minimum Dice.</summary>
    [Parameter(Mandatory = true, ParameterSetName = WithoutBaseline)]
    public SwitchParameter NoBaseline { get; set; }

    /// <summary>
    /// The store in which -Candidate and -Baseline are looked up: a database (mlflow.db), or the address of an MLflow server.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [PSDefaultValue(Help = "MLFLOW_TRACKING_URI, tracking.uri of wms.yaml, or the nearest mlflow.db")]
    [AllowNull, AllowEmptyString]
    public string? TrackingUri { get; set; }

    /// <summary>Folder of the data set.</summary>
    [Parameter(Position = 2, ValueFromPipelineByPropertyName = true, ParameterSetName = WithBaseline)]
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true, ParameterSetName = WithoutBaseline)]
    [PSDefaultValue(Help = "dataset.path of wms.yaml")]
    [ArgumentCompleter(typeof(DatasetFolderCompleter))]
    [AllowNull, AllowEmptyString]
    public string DataPath { get; set; } = "";

    /// <summary>A split file: JSON with fractions and single photos, by hash or name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SplitFileCompleter))]
    public string? SplitPath { get; set; }

    /// <summary>The part of the data set to compare on. Aside selects the photos that are in none of the other three.</summary>
    [Parameter]
    [PSDefaultValue(Value = DatasetSplit.Test)]
    [EmptyIsUnset]
    [OneValue]
    public DatasetSplit? Split { get; set; }

    /// <summary>What the candidate must show to pass.</summary>
    [Parameter]
    [PSDefaultValue(Value = GatePolicy.Superior)]
    [EmptyIsUnset]
    [OneValue]
    public GatePolicy? Policy { get; set; }

    /// <summary>
    /// The largest one-sided p-value at which the candidate counts as better. It counts in full from 125 photos on; with 100 or fewer, four
    /// fifths of it count. The output has both: Alpha and EffectiveAlpha.
    /// </summary>
    [Parameter]
    [PSDefaultValue(Value = 0.025)]
    [EmptyIsUnset]
    public double? Alpha { get; set; }

    /// <summary>The loss of mean Dice up to which a candidate still counts as not worse.</summary>
    [Parameter]
    [PSDefaultValue(Value = 0.01)]
    [EmptyIsUnset]
    public double? Margin { get; set; }

    /// <summary>The lowest mean Dice that passes.</summary>
    [Parameter]
    [PSDefaultValue(Help = "none")]
    [EmptyIsUnset]
    public double? MinimumDice { get; set; }

    /// <summary>The smallest number of photos that gives a verdict.</summary>
    [Parameter]
    [PSDefaultValue(Value = 100)]
    [EmptyIsUnset]
    public int? MinimumPhotos { get; set; }

    /// <summary>Random seed of the resampling: the same seed gives the same numbers.</summary>
    [Parameter]
    [PSDefaultValue(Value = 1)]
    [EmptyIsUnset]
    public long? Seed { get; set; }

    /// <summary>Numeric precision: Auto, Float32 or BFloat16. Auto uses BFloat16 where the processor supports it in hardware.</summary>
    [Parameter]
    [PSDefaultValue(Value = WaterMeters.Precision.Float32)]
    [EmptyIsUnset]
    [OneValue]
    public Precision? Precision { get; set; }

    /// <summary>Compute device: Auto, Cpu or Cuda. Auto uses CUDA if it is available.</summary>
    [Parameter]
    [PSDefaultValue(Value = ComputeDevice.Auto)]
    [EmptyIsUnset]
    [OneValue]
    public ComputeDevice? Device { get; set; }

    /// <summary>Lets a candidate pass that does not list the photos it has seen, such as a .pth file.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Does not enter the decision in the ledger, for a read-only data set. The output says so.</summary>
    [Parameter]
    public SwitchParameter NoLedger { get; set; }

    /// <summary>Returns one record for each photo instead of the verdict.</summary>
    [Parameter]
    public SwitchParameter PerImage { get; set; }

    /// <summary>
    /// Returns only $true or $false: whether all candidates passed. A comparison that could not be made is an error and $false.
    /// </summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }
}
