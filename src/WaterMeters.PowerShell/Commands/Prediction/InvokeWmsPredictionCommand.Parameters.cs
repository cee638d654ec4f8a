using System.Management.Automation;
using WaterMeters.PowerShell.Completion;

namespace WaterMeters.PowerShell.Commands.Prediction;

public sealed partial class InvokeWmsPredictionCommand
{
    /// <summary>Photos, or folders of photos. Wildcards are permitted.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ParameterSetName = ByPath)]
    [PSDefaultValue(Help = DefaultPhotos)]
    [PathOf("Path", "Name", IsPattern = true, BoundElsewhere = ["LiteralPath", "PSPath", "FullName", "ImagePath"], OfModel = DefaultPhotos)]
    [SupportsWildcards]
    public override string[]? Path { get; set; }

    /// <summary>
    /// The model: a file, the folder of a run, or a model of the registry: a stage, an alias, a version, runs:/ID, or
    /// models:/NAME/VERSION. The default is the nearest models/production.*, or else the version in
    /// production.
    /// </summary>
    [Parameter]
    [PSDefaultValue(Help = "the nearest models/production.*, or Production in the registry")]
    [ArgumentCompleter(typeof(ModelCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Model { get; set; }

    /// <summary>
    /// The model, from a record in the pipeline, such as that of a training or of a registered version. A record that names a photo too is
    /// predicted with its own model. -Model takes precedence.
    /// </summary>
    /// <remarks>Not an alias of -Model: many records have a property Model too, which is a name and not a file.</remarks>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ModelCompleter))]
    [ValidateNotNullOrEmpty]
    public string? ModelPath { get; set; }

    /// <summary>
    /// The store in which -Model is looked up: a database (mlflow.db), or the address of an MLflow server.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [PSDefaultValue(Help = "MLFLOW_TRACKING_URI, tracking.uri of wms.yaml, or the nearest mlflow.db")]
    [AllowNull, AllowEmptyString]
    public string? TrackingUri { get; set; }

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
}
