using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Models.Network;
using WaterMeters.Ml.Models.Onnx;
using WaterMeters.Ml.Models.PyTorch;
using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Models;

/// <summary>Reads and writes model files. The extension decides the format.</summary>
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

    /// <summary>The extensions that <see cref="Load"/> reads, the module's own first.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [.. Readers.Keys];

    /// <summary>Reads a model: a file, or a folder with MLflow's onnx flavor.</summary>
    /// <exception cref="ModelException">It is missing, damaged, another network, or contradicts itself.</exception>
    public static SegmentationModel Load(string path)
    {
        if (Directory.Exists(path))
        {
            path = MlflowFolder.ModelFileIn(path)
                ?? throw new ModelException(path, $"'{path}' is a folder, but not a model folder of MLflow. Pass a model file in it.");
        }

        return Readers.TryGetValue(Path.GetExtension(path), out var read)
            ? read(path)
            : throw new ModelException(path,
                $"Cannot read '{path}' as a model. Use a file with one of the extensions {string.Join(", ", Extensions)}.");
    }

    /// <summary>Finds the nearest production model: models/production.* in a folder or above it; null when there is none.</summary>
    public static string? Nearest(string folder)
    {
        for (string? at = folder; at is not null; at = Path.GetDirectoryName(at))
        {
            string? file = Extensions.Select(e => Path.Combine(at, "models", "production" + e)).FirstOrDefault(File.Exists);
            if (file is not null) return file;
        }

        return null;
    }

    /// <summary>Returns the extension of a format's files.</summary>
    public static string Extension(ModelFormat format) => Writers[format].Extension;

    /// <summary>
    /// Returns the format that <see cref="Save(SegmentationModel, string)"/> writes for this file name; null when it cannot write it.
    /// </summary>
    public static ModelFormat? Format(string path) =>
        Writers.Where(w => w.Value.Extension.Equals(Path.GetExtension(path), StringComparison.OrdinalIgnoreCase))
            .Select(w => (ModelFormat?)w.Key).FirstOrDefault();

    /// <summary>Writes a model, completely or not at all, in the format of the file name's extension.</summary>
    /// <exception cref="ModelException">The extension is not a format that can be written, or the model is an ONNX file.</exception>
    public static void Save(SegmentationModel model, string path)
    {
        var format = Format(path) ?? throw new ModelException(path,
            $"Cannot save a model as '{path}'. Use a name ending in {string.Join(", ", Writers.Values.Select(w => w.Extension))}.");
        if (model.Onnx is not null)
        {
            throw new ModelException(model.Path,
                $"Cannot convert the ONNX file '{model.Path}': its BatchNorm layers are folded into the convolutions. " +
                "Export the .safetensors or .pth file it was made from.");
        }

        Writers[format].Write(model, path);
    }

    private static void WriteSafeTensors(SegmentationModel model, string path) =>
        SafeTensorsFile.Write(path, ModelMetadata.Write(model), model.Weights,
            UNetLayout.Counters(model.Shape.BaseChannels).ToDictionary(n => n, n => model.Counters.GetValueOrDefault(n)));

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

    /// <summary>Computes the SHA-256 of a model's file, 64 lower-case hexadecimal digits, which identifies it on every machine.</summary>
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
            throw new ModelException(path, $"Cannot read the model '{path}': {e.Sentence()} Check that the file still exists.", e);
        }
    }
}
