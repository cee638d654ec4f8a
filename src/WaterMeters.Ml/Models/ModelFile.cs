using WaterMeters.Ml.Models.Onnx;

namespace WaterMeters.Ml.Models;

/// <summary>Reads and writes model files; the format follows from the file's extension.</summary>
public static class ModelFile
{
    /// <summary>Extensions that <see cref="Load"/> takes.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".safetensors", ".onnx"];

    /// <summary>Reads a model: a file, or a folder of MLflow's onnx flavour.</summary>
    /// <exception cref="ModelException">It is not there, damaged, of another network, or contradicts itself.</exception>
    public static SegmentationModel Load(string path)
    {
        if (Directory.Exists(path))
        {
            path = MlflowFolder.ModelFileIn(path) ?? throw new ModelException(path, $"'{path}' is a folder, and none that MLflow wrote. Name the model file in it.");
        }

        if (!Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase))
        {
            throw new ModelException(path, $"'{path}' has an extension this module does not read as a model (it reads {string.Join(", ", Extensions)}). Name a file of that kind.");
        }

        if (Path.GetExtension(path).Equals(".onnx", StringComparison.OrdinalIgnoreCase)) return ModelMetadata.Read(OnnxModel.Read(path));
        var file = SafeTensorsFile.Read(path);
        return ModelMetadata.Read(path, file.Tensors, file.Metadata);
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

    /// <summary>Writes a model as .safetensors: beside its name, then moved over.</summary>
    public static void Save(SegmentationModel model, string path) =>
        SafeTensorsFile.Write(path, ModelMetadata.Write(model), model.Weights, UNetLayout.Counters(model.Shape.BaseChannels));
}
