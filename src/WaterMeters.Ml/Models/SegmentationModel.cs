using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Models.Network;
using WaterMeters.Ml.Models.Onnx;
using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Models;

/// <summary>A trained network and its metadata, in managed memory: it needs no native library.</summary>
public sealed class SegmentationModel
{
    /// <summary>The file it was read from, or a name.</summary>
    public required string Path { get; init; }

    /// <summary>The name for display, see <see cref="ModelName"/>.</summary>
    public string Name => ModelName.For(Path);

    /// <summary>
    /// The SHA-256 of the bytes it was read from, 64 lower-case hexadecimal digits; of an ONNX file with its data files, of all of them.
    /// Null when it was not read from a file.
    /// </summary>
    public string? Digest { get; init; }

    /// <summary>Its width and input size.</summary>
    public required UNetShape Shape { get; init; }

    /// <summary>Its tensors, with the names and shapes of <see cref="UNetLayout"/>; empty when it is an ONNX file.</summary>
    public required IReadOnlyDictionary<string, WeightTensor> Weights { get; init; }

    /// <summary>The ONNX file it is; null when its weights are known.</summary>
    public OnnxModel? Onnx { get; init; }

    /// <summary>The number of trained parameters; running statistics do not count.</summary>
    public long Parameters => Weights.Where(t => !UNetLayout.IsBuffer(t.Key)).Sum(t => t.Value.Values.LongLength);

    /// <summary>
    /// The number of batches each BatchNorm has seen, by PyTorch's tensor names. They are kept for PyTorch; the network does not use them.
    /// Missing ones are 0.
    /// </summary>
    public IReadOnlyDictionary<string, long> Counters { get; init; } = new Dictionary<string, long>();

    /// <summary>The version of the preprocessing it was trained with.</summary>
    public string Preprocessing { get; init; } = Imaging.Preprocessor.Version;

    /// <summary>Which photos it has seen; null when the file does not say.</summary>
    public ModelProvenance? Provenance { get; init; }

    /// <summary>The scores in its file, such as <c>val_dice</c>.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>The seed of its training; null when the file does not say.</summary>
    public int? Seed { get; init; }

    /// <summary>The version of the module that trained it; null when the file does not say.</summary>
    public string? ModuleVersion { get; init; }

    /// <summary>Sentences about what its file does not say and is assumed.</summary>
    public IReadOnlyList<string> Assumptions { get; init; } = [];

    /// <summary>The assumptions and, when its file does not say which photos it has seen, a sentence about that.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Sentences about how its file was read that need no action.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
