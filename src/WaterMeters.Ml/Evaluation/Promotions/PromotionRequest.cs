using WaterMeters.Ml.Evaluation.Gate;
using WaterMeters.Ml.Models;

namespace WaterMeters.Ml.Evaluation.Promotions;

/// <summary>What a trained model must show to be put into production.</summary>
public sealed record PromotionRequest
{
    /// <summary>Folder where the search for the model in production starts; it goes on upward.</summary>
    public required string Location { get; init; }

    /// <summary>Model to beat when none is in production; otherwise it must be the one in production.</summary>
    public string? BaselinePath { get; init; }

    /// <summary>
    /// File of the model in production, where a registry says which that is; null where models/production.* is.
    /// </summary>
    public string? ProductionPath { get; init; }

    /// <summary>Options of the gate.</summary>
    public required GateOptions Options { get; init; }

    /// <summary>Called with the model to beat once it is read, to show its warnings; null shows none.</summary>
    public Action<SegmentationModel>? BaselineRead { get; init; }

    /// <summary>Compute device: Auto, Cpu or Cuda.</summary>
    public ComputeDevice Device { get; init; }
}
