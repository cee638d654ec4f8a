using System.Management.Automation;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Models;
using WaterMeters.PowerShell.Completion;
using WaterMeters.PowerShell.Errors;

namespace WaterMeters.PowerShell.Commands.Models;

/// <summary>Writes a model in a format for others: PyTorch's .pth, .safetensors, or .onnx.</summary>
/// <remarks>
/// <para>In a .pth and a .safetensors the tensors stay as they are; in an .onnx each BatchNorm is folded into the convolution before it, so that no other file can be made of it again. What the model says of itself goes along: input size, scores, the photos it has seen. In a .pth that text lies where PyTorch passes over it, in an .onnx in its metadata_props.</para>
/// <para>A .pth of this module is a state_dict: torch.load reads it with weights_only, and load_state_dict takes it with strict. Nothing in a file that is read is executed.</para>
/// </remarks>
/// <example><para>Gives a model to somebody who works in PyTorch.</para><code>Export-WmsModel ./runs/first/model.safetensors ./for-python/model.pth</code></example>
/// <example><para>Gives all models of a folder a .pth beside them, each under its own name.</para><code>Get-ChildItem ./models/*.safetensors | Export-WmsModel -Path ./models -Format Pth</code></example>
[Cmdlet(VerbsData.Export, "WmsModel", SupportsShouldProcess = true)]
[OutputType(typeof(ModelExport))]
public sealed class ExportWmsModelCommand : WmsCmdlet
{
    private readonly Dictionary<string, string> written = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The model's file; the nearest models/production.* when not given.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string? Model { get; set; }

    /// <summary>The model's file, out of a record or of a file that is piped in. -Model wins over it.</summary>
    /// <remarks>No alias of -Model: many records have a Model too, which is a name and no file.</remarks>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ModelCompleter))]
    [Alias("FullName")]
    [ValidateNotNullOrEmpty]
    public string? ModelPath { get; set; }

    /// <summary>The file to write, or with -Format a folder that is there, for a file of the model's name.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>The format to write; that of the file's extension when not given.</summary>
    [Parameter]
    public ModelFormat? Format { get; set; }

    /// <summary>Replaces a file that is there already.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    private protected override object WorksOn => Path;

    /// <inheritdoc/>
    private protected override bool FailureIsFinal => !MyInvocation.ExpectingInput;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!TryModelPath(Model ?? ModelPath, out string source) || Target(source) is not { } target) return;
        if (written.TryGetValue(target, out string? other)) Fail(WmsErrors.WrittenTwice(target, other, source));
        else if (System.IO.Path.Exists(target) && !Force) Fail(WmsErrors.ModelExists(target));
        else if (ShouldProcess(target, $"Export {source}")) RunOnWorker(worker => Export(worker, source, target));
    }

    /// <summary>The file to write a model into; null after an error.</summary>
    private string? Target(string source)
    {
        string target = Absolute(Path);
        if (Format is { } wanted && Directory.Exists(target)) target = System.IO.Path.Join(target, System.IO.Path.GetFileNameWithoutExtension(source) + ModelFile.Extension(wanted));
        if (ModelFile.Format(target) is { } named && named == (Format ?? named)) return target;
        Fail(WmsErrors.NoFormat(target, Format is { } format ? [ModelFile.Extension(format)] : [.. Enum.GetValues<ModelFormat>().Select(ModelFile.Extension)]));
        return null;
    }

    private void Export(PipelineWorker worker, string source, string target)
    {
        var model = ModelFile.Load(source);
        foreach (string warning in model.Warnings) worker.Post(() => WriteWarning(warning));
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            ModelFile.Save(model, target);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelException(target, $"'{target}' cannot be written: {e.Sentence()} Name another -Path.", e);
        }

        var export = new ModelExport
        {
            Name = System.IO.Path.GetFileNameWithoutExtension(target),
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
