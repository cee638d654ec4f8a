using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Models.Network;
using WaterMeters.Ml.Models.Onnx;
using WaterMeters.Ml.Models.PyTorch;
using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Models;

/// <summary>
/// Reads and writes model files. What is read is decided by its content, as other programs name their files .pt, .ckpt or .bin; what is
/// written by the extension.
/// </summary>
public static class ModelFile
{
    private const string Pth = ".pth";

    private static readonly Dictionary<string, Func<BinaryFile, SegmentationModel>> Readers = new(StringComparer.OrdinalIgnoreCase)
    {
        [".safetensors"] = file => ReadTensors(file, SafeTensorsFile.Read),
        [Pth] = file => ReadTensors(file, (f, check) => PthFile.Contents(f).ReadAll(f, check)),
        [".pt2"] = file => ReadTensors(file, (f, check) => Pt2File.Contents(f).ReadAll(f, check)),
        [".onnx"] = file => ModelMetadata.Read(OnnxModel.Read(file)),
    };

    // Other names of PyTorch's files; they say nothing about the format.
    private static readonly string[] OtherExtensions = [".pt", ".ckpt", ".bin"];

    private static readonly Dictionary<ModelFormat, (string Extension, Action<SegmentationModel, string> Write)> Writers = new()
    {
        [ModelFormat.SafeTensors] = (".safetensors", WriteSafeTensors),
        [ModelFormat.Pth] = (".pth", WritePth),
        [ModelFormat.Onnx] = (".onnx", WriteOnnx),
    };

    /// <summary>The extensions of the formats that <see cref="Load"/> reads, the module's own first.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [.. Readers.Keys];

    /// <summary>
    /// Returns the file of a model: the path itself, or the model file in the folder of a run or of MLflow's onnx flavor.
    /// </summary>
    /// <exception cref="ModelException">The folder has no model; the message says what it has instead.</exception>
    public static string Find(string path) => Directory.Exists(path) ? ModelFolder.ModelFileIn(path, Extensions) : path;

    /// <summary>
    /// Reads a model: a file, by its content, or a folder, see <see cref="Find"/>. What is read, checked and hashed is one opened file.
    /// </summary>
    /// <exception cref="ModelException">It is missing, damaged, another network, or contradicts itself.</exception>
    public static SegmentationModel Load(string path)
    {
        path = Find(path);
        string extension = Path.GetExtension(path);
        return BinaryFile.Open(path, Readers.ContainsKey(extension) ? extension.ToLowerInvariant() : Pth, file =>
        {
            string? format = ModelContent.Format(file) ?? (OtherExtensions.Contains(extension, StringComparer.OrdinalIgnoreCase)
                ? Pth
                : Readers.ContainsKey(extension) ? file.Format : null);
            file.Format = format ?? throw new ModelException(path,
                $"Cannot read '{path}' as a model: its content is of no format that this module knows. Use a " +
                $"{string.Join(", ", Extensions)} file.");
            return Readers[format](file);
        });
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

    private static SegmentationModel ReadTensors(BinaryFile file, Func<BinaryFile, HeaderCheck, StoredTensors> read)
    {
        ModelHeader? header = null;
        var stored = read(file, found => (header = ModelHeader.Check(file.Path, file.Format, found)).NameOf);
        return ModelMetadata.Read(file.Path, header!, stored, file.Digest());
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

    /// <summary>
    /// Computes the SHA-256 of a model's file, 64 lower-case hexadecimal digits, which identifies it on every machine. That of a model that
    /// has been read is its <see cref="SegmentationModel.Digest"/>: the file may have been replaced since.
    /// </summary>
    /// <exception cref="ModelException">The file cannot be read.</exception>
    public static string Digest(string path)
    {
        string digest = FileDigest(path);
        if (!Path.GetExtension(path).Equals(".onnx", StringComparison.OrdinalIgnoreCase)) return digest;
        try
        {
            return OnnxModel.Read(path).Digest;
        }
        catch (ModelException)
        {
            return digest;
        }
    }

    /// <summary>Computes the SHA-256 of a model's file alone, without the data files that an ONNX file may have.</summary>
    /// <exception cref="ModelException">The file cannot be read.</exception>
    internal static string FileDigest(string path)
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
