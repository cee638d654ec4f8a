using WaterMeters.Ml.Models;

namespace WaterMeters.Ml.Inference.Engines;

/// <summary>Runs a model: preprocessed planes to logits. Thread-safe; an engine that uses all cores runs one call at a time.</summary>
public interface IInferenceEngine : IDisposable
{
    /// <summary>The model.</summary>
    SegmentationModel Model { get; }

    /// <summary>Input size, pixels.</summary>
    int Size { get; }

    /// <summary>Numeric precision, never Auto.</summary>
    Precision Precision { get; }

    /// <summary>Compute device, never Auto.</summary>
    ComputeDevice Device { get; }

    /// <summary>Computes the logits of one photo.</summary>
    /// <param name="planes">The preprocessed photo, [3, S, S], 8 bits.</param>
    /// <param name="logits">Receives [S, S].</param>
    void Predict(ReadOnlySpan<byte> planes, Span<float> logits);
}
