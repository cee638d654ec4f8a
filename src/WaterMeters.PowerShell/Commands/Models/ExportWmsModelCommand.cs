using System.Management.Automation;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Models;
using WaterMeters.PowerShell.Completion;
using WaterMeters.PowerShell.Errors;

namespace WaterMeters.PowerShell.Commands.Models;

/// <summary>Saves a model in another format: PyTorch's .pth, .safetensors, or .onnx.</summary>
/// <remarks>
/// <para>A .pth or .safetensors file contains the tensors unchanged. In an .onnx file each BatchNorm is folded into the convolution before
/// it, so it cannot be exported to other formats again. The metadata is included: input size, scores and the photos the model has seen.
/// PyTorch ignores it in a .pth file; an .onnx file has it in metadata_props.</para>
/// <para>A .pth file of this module is a state_dict: torch.load reads it with weights_only, and load_state_dict accepts it with strict.
/// Reading a file never executes code in it.</para>
/// </remarks>
/// <example><para>Export a model for use in PyTorch.</para>
/// <code>Export-WmsModel ./runs/first/model.safetensors ./for-python/model.pth</code></example>
/// <example><para>Export all models of a folder as .pth files beside them, each under its own name.</para>
/// <code>Get-ChildItem ./models/*.safetensors | Export-WmsModel -OutputPath ./models -Format Pth</code></example>
[Cmdlet(VerbsData.Export, "WmsModel", SupportsShouldProcess = true)]
[OutputType(typeof(ModelExport))]
public sealed class ExportWmsModelCommand : WmsCmdlet
{
    private readonly Dictionary<string, string> written = new(StringComparer.OrdinalIgnoreCase);

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

    /// <summary>The file to write. With -Format, it can be an existing folder; the file there has the name of the model.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [Alias("Path", "Destination")]
    [ValidateNotNullOrEmpty]
    public string OutputPath { get; set; } = "";

    /// <summary>The format to write. The default follows from the extension of -OutputPath.</summary>
    [Parameter]
    [OneValue]
    public ModelFormat? Format { get; set; }

    /// <summary>Replaces an existing file.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

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
    private protected override object ErrorTarget => OutputPath;

    /// <inheritdoc/>
    private protected override bool FailureTerminates => !MyInvocation.ExpectingInput;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!TryModelPath(Model, out string source) || Target(source) is not { } target) return;
        if (written.TryGetValue(target, out string? other)) Fail(WmsErrors.WrittenTwice(target, other, source));
        else if (FileIdentity.IsSame(source, target)) Fail(WmsErrors.ModelItself(target, source));
        else if (Path.Exists(target) && !Force) Fail(WmsErrors.ModelExists(target));
        else if (ShouldProcess(target, $"Export {source}")) RunOnWorker(worker => Export(worker, source, target));
    }

    /// <summary>Returns the file to write a model to; null after an error.</summary>
    private string? Target(string source)
    {
        string target = ResolvePath(OutputPath);
        if (Format is { } format && Directory.Exists(target))
        {
            target = Path.Join(target, ModelName.For(source) + ModelFile.Extension(format));
        }

        if (ModelFile.Format(target) is { } named && named == (Format ?? named)) return target;
        ModelFormat[] accepted = Format is { } only ? [only] : Enum.GetValues<ModelFormat>();
        Fail(WmsErrors.UnknownModelFormat(target, accepted.Select(ModelFile.Extension)));
        return null;
    }

    private void Export(PipelineWorker worker, string source, string target)
    {
        var model = ModelFile.Load(source);
        WarnOf(worker, model);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            ModelFile.Save(model, target);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelException(target, $"Cannot write '{target}': {e.Sentence()} Choose another -OutputPath.", e);
        }

        var export = new ModelExport
        {
            Name = ModelName.For(target),
            ModelPath = target,
            Format = ModelFile.Format(target)!.Value,
            Bytes = new FileInfo(target).Length,
            Parameters = model.Parameters,
            BaseChannels = model.Shape.BaseChannels,
            Size = model.Shape.InputSize,
            ProvenanceKnown = model.Provenance is not null,
            SourcePath = source,
        };
        worker.Post(() =>
        {
            written[target] = source;
            WriteObject(export);
        });
    }
}
