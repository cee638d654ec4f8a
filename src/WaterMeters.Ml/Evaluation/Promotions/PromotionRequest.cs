using WaterMeters.Ml.Evaluation.Gate;

namespace WaterMeters.Ml.Evaluation.Promotions;

/// <summary>Which model is to be put into production, and what it has to show.</summary>
public sealed record PromotionRequest
{
    /// <summary>The folder to look for the model in production from, upward.</summary>
    public required string Location { get; init; }

    /// <summary>The model to beat where none is in production; where one is, only that one.</summary>
    public string? BaselinePath { get; init; }

    /// <summary>What is asked for.</summary>
    public required GateOptions Options { get; init; }

    /// <summary>Where to compute.</summary>
    public ComputeDevice Device { get; init; }
}
