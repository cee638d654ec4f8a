using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Models.Network;
using WaterMeters.Ml.Models.Onnx;
using WaterMeters.Ml.Models.PyTorch;
using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Models;

/// <summary>Reads and writes model files; the format follows from the file's extension.</summary>
public static class ModelFile
{
    private static readonly Dictionary<string, Func<string, SegmentationModel>> Readers = new(StringComparer.OrdinalIgnoreCase)
    {
        [".safetensors"] = path => ModelMetadata.Read(path, SafeTensorsFile.Read(path)),
        [".pth"] = path => ModelMetadata.Read(path, PthFile.Read(path)),
        [".pt2"] = path => ModelMetadata.Read(path, Pt2File.Read(path)),
        [".onnx"] = path => ModelMetadata.Read(OnnxModel.Read(path)),
    };

    private static readonly Dictionary<ModelFormat, (string Extension, Action<SegmentationModel, string> Write)> Writers = new()
    {
        [ModelFormat.SafeTensors] = (".safetensors", WriteSafeTensors),
        [ModelFormat.Pth] = (".pth", WritePth),
        [ModelFormat.Onnx] = (".onnx", WriteOnnx),
    };

    /// <summary>Extensions that <see cref="Load"/> takes, the module's own first.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [.. Readers.Keys];

    /// <summary>Reads a model: a file, or a folder of MLflow's onnx flavour.</summary>
    /// <exception cref="ModelException">It is not there, damaged, of another network, or contradicts itself.</exception>
    public static SegmentationModel Load(string path)
    {
        if (Directory.Exists(path))
        {
            path = MlflowFolder.ModelFileIn(path) ?? throw new ModelException(path, $"'{path}' is a folder, and none that MLflow wrote. Name the model file in it.");
        }

        return Readers.TryGetValue(Path.GetExtension(path), out var read)
            ? read(path)
            : throw new ModelException(path, $"'{path}' has an extension this module does not read as a model (it reads {string.Join(", ", Extensions)}). Name a file of that kind.");
    }

    /// <summary>The production model nearest to a folder: models/production.* in it or in one above it; null when there is none.</summary>
    public static string? Nearest(string folder)
    {
        for (string? at = folder; at is not null; at = Path.GetDirectoryName(at))
        {
            string? file = Extensions.Select(e => Path.Combine(at, "models", "production" + e)).FirstOrDefault(File.Exists);
            if (file is not null) return file;
        }

        return null;
    }

    /// <summary>The extension of a format's files.</summary>
    public static string Extension(ModelFormat format) => Writers[format].Extension;

    /// <summary>The format that <see cref="Save(SegmentationModel, string)"/> writes under this name; null when it writes none.</summary>
    public static ModelFormat? Format(string path) =>
        Writers.Where(w => w.Value.Extension.Equals(Path.GetExtension(path), StringComparison.OrdinalIgnoreCase)).Select(w => (ModelFormat?)w.Key).FirstOrDefault();

    /// <summary>Writes a model in the format of its name's extension: beside its name, then moved over.</summary>
    /// <exception cref="ModelException">No model is written under such a name.</exception>
    public static void Save(SegmentationModel model, string path)
    {
        var format = Format(path) ?? throw new ModelException(path, $"No model is written as '{path}'. Give it one of the extensions {string.Join(", ", Writers.Values.Select(w => w.Extension))}.");
        if (model.Onnx is not null) throw new ModelException(model.Path, $"'{model.Path}' is an ONNX file: its BatchNorm is folded away, so no other file can be made of it. Export the .safetensors or .pth it was made from.");
        Writers[format].Write(model, path);
    }

    private static void WriteSafeTensors(SegmentationModel model, string path) =>
        SafeTensorsFile.Write(path, ModelMetadata.Write(model), model.Weights, UNetLayout.Counters(model.Shape.BaseChannels).ToDictionary(n => n, n => model.Counters.GetValueOrDefault(n)));

    private static void WriteOnnx(SegmentationModel model, string path)
    {
        var bytes = OnnxGraphWriter.Write(model, model.Shape.InputSize);
        AtomicFile.Write(path, stream => stream.Write(bytes.Span));
    }

    private static void WritePth(SegmentationModel model, string path)
    {
        // The order of PyTorch's own state_dict: a BatchNorm's counter follows its running variance.
        var tensors = new List<(string, WeightTensor?, long)>();
        foreach (var (name, _) in UNetLayout.Tensors(model.Shape.BaseChannels))
        {
            tensors.Add((name, model.Weights[name], 0));
            if (UNetLayout.Counter(name) is { } counter) tensors.Add((counter, null, model.Counters.GetValueOrDefault(counter)));
        }

        PthFile.Write(path, ModelMetadata.Write(model), tensors);
    }

    /// <summary>The SHA-256 of a model's file, 64 lower-case hexadecimal digits: its name on every machine.</summary>
    /// <exception cref="ModelException">The file cannot be read.</exception>
    public static string Digest(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1);
            return FileHash.Compute(stream);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelException(path, $"The model '{path}' cannot be read: {e.Sentence()} Check that it is still there.", e);
        }
    }
}
