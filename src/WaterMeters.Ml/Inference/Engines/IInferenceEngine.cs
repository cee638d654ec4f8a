using WaterMeters.Ml.Models;

namespace WaterMeters.Ml.Inference.Engines;

/// <summary>Runs a model: preprocessed planes to logits. Safe to call from several threads; calls wait for each other where the engine uses all cores.</summary>
public interface IInferenceEngine : IDisposable
{
    /// <summary>The model it runs.</summary>
    SegmentationModel Model { get; }

    /// <summary>Edge of the square it takes, pixels.</summary>
    int Size { get; }

    /// <summary>The numbers it computes with, never Auto.</summary>
    Precision Precision { get; }

    /// <summary>Where it computes, never Auto.</summary>
    ComputeDevice Device { get; }

    /// <summary>One photo.</summary>
    /// <param name="planes">The preprocessed photo, [3, S, S], 8 bits.</param>
    /// <param name="logits">Gets [S, S].</param>
    void Predict(ReadOnlySpan<byte> planes, Span<float> logits);
}
