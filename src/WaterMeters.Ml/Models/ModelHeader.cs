using WaterMeters.Ml.Models.Network;
using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Models;

/// <summary>
/// The description of a model file that stores tensors, checked before their values are read: a foreign file of gigabytes is refused at the
/// cost of its header.
/// </summary>
internal sealed class ModelHeader
{
    private readonly string path;
    private readonly StoredHeader stored;
    private readonly TensorNames names;

    private ModelHeader(string path, string format, StoredHeader stored)
    {
        (this.path, this.stored) = (path, stored);
        names = TensorNames.Find([.. stored.Tensors.Select(t => t.Name)], UNetLayout.Tensors(1).First().Name);
        var notes = new List<string>();
        bool namesAnother = ModelFile.Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase)
            && !Path.GetExtension(path).Equals(format, StringComparison.OrdinalIgnoreCase);
        if (namesAnother) notes.Add($"'{path}' is a {format} file by its content, and is read as one.");
        if (names.IsCompiled) notes.Add($"The names of the tensors in '{path}' have '_orig_mod.' of torch.compile, which is left out.");
        if (names.Prefix.Length > 0)
        {
            notes.Add($"The names of the tensors in '{path}' begin with '{ModelRefusedException.ForMessage(names.Prefix)}', " +
                "which is left out.");
        }

        Notes = notes;
    }

    /// <summary>A warning about a choice among several sets of weights; null when there was none.</summary>
    public string? Choice => stored.Choice is { } choice ? $"'{path}' {ModelRefusedException.Printable(choice)}" : null;

    /// <summary>Sentences about a format other than that of the file's name, and about a prefix that the tensors' names have.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Checks a description.</summary>
    /// <param name="path">The file.</param>
    /// <param name="format">The extension of the format that its content has.</param>
    /// <param name="stored">The description.</param>
    /// <exception cref="ModelException">The file is not a model of this network; the message says why.</exception>
    public static ModelHeader Check(string path, string format, StoredHeader stored)
    {
        ModelMetadata.EnsureModel(path, stored.Metadata);
        int width = ModelMetadata.Width(path, stored.Metadata, out bool isDeclared);
        var header = new ModelHeader(path, format, stored);
        UNetWeights.CheckShapes(path, [.. stored.Tensors.Select(t => (header.NameOf(t.Name), t.Shape))], width, isDeclared
            ? $"Its metadata declare {width} base channels; use a file whose metadata match its weights."
            : $"The file declares no width, so {width} base channels are assumed; declare another in the metadata " +
              $"'{ModelMetadata.BaseChannels}' of a .safetensors file.");
        return header;
    }

    /// <summary>Returns the name of a tensor in the network.</summary>
    public string NameOf(string name) => names.NameOf(name);
}
