using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Models.Network;
using WaterMeters.Ml.Models.Onnx;
using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Models;

/// <summary>A trained network with what is known about it, in managed memory; no native library is needed to hold one.</summary>
public sealed class SegmentationModel
{
    /// <summary>The file it was read from, or the name it goes by.</summary>
    public required string Path { get; init; }

    /// <summary>The name it prints under: its file's name without extension.</summary>
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>Its size.</summary>
    public required UNetShape Shape { get; init; }

    /// <summary>Its tensors, named and shaped as <see cref="UNetLayout"/> says; none when it is an ONNX file.</summary>
    public required IReadOnlyDictionary<string, WeightTensor> Weights { get; init; }

    /// <summary>The ONNX file it is; null when its weights are known.</summary>
    public OnnxModel? Onnx { get; init; }

    /// <summary>How many numbers were learnt; running statistics are not.</summary>
    public long Parameters => Weights.Where(t => !UNetLayout.IsBuffer(t.Key)).Sum(t => t.Value.Values.LongLength);

    /// <summary>How many batches each BatchNorm has seen, by PyTorch's names; kept for PyTorch, the network does not use them. Those left out count as 0.</summary>
    public IReadOnlyDictionary<string, long> Counters { get; init; } = new Dictionary<string, long>();

    /// <summary>Version of the preprocessing it was trained with.</summary>
    public string Preprocessing { get; init; } = Imaging.Preprocessor.Version;

    /// <summary>Which photos it has seen; null when the file does not say.</summary>
    public ModelProvenance? Provenance { get; init; }

    /// <summary>Scores it was stored with, such as <c>val_dice</c>.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>Seed of its training; null when the file does not say.</summary>
    public int? Seed { get; init; }

    /// <summary>Version of the module that trained it; null when the file does not say.</summary>
    public string? ModuleVersion { get; init; }

    /// <summary>What its file leaves out and is assumed, in sentences.</summary>
    public IReadOnlyList<string> Assumptions { get; init; } = [];

    /// <summary>Everything its file leaves out, in sentences: the assumptions, and that it does not say what it has seen.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
