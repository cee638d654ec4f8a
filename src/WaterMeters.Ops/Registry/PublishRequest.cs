using WaterMeters.Ml.Evaluation.Gate;
using WaterMeters.Ml.Models;

namespace WaterMeters.Ops.Registry;

/// <summary>A model to be registered, and what becomes of its version.</summary>
public sealed record PublishRequest
{
    /// <summary>Name of the registered model; it is created if it does not exist.</summary>
    public required string ModelName { get; init; }

    /// <summary>Name of the experiment that gets the run of a model file.</summary>
    public required string Experiment { get; init; }

    /// <summary>Identifier of the run that made the model; null for a model file.</summary>
    public string? RunId { get; init; }

    /// <summary>Folder of the model in the run's artifacts; empty: the model that is there.</summary>
    public string RunPath { get; init; } = "";

    /// <summary>Absolute path of the model file, if there is no run.</summary>
    public string? FilePath { get; init; }

    /// <summary>Stage of the new version.</summary>
    public ModelStage Stage { get; init; }

    /// <summary>An alias for the new version, besides the one of its stage; null for none.</summary>
    public string? Alias { get; init; }

    /// <summary>Why the stage is changed; empty: what the gate says.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Tags of the new version, besides those that say what made the model.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// SHA-256 of the model, if it has passed the gate already: no other model is registered, and no version is replaced that it was not
    /// compared with. Null if it was not compared.
    /// </summary>
    public string? PassedDigest { get; init; }

    /// <summary>What the model must show; null if it need not.</summary>
    public PublishGate? Gate { get; init; }
}

/// <summary>The comparison that a model must pass before it is put into production.</summary>
public sealed record PublishGate
{
    /// <summary>Folder of the data set.</summary>
    public required string DataPath { get; init; }

    /// <summary>Split file; null for the stored split.</summary>
    public string? SplitPath { get; init; }

    /// <summary>Options of the gate.</summary>
    public required GateOptions Options { get; init; }

    /// <summary>Folder where the search for models/production.* starts, the model to beat while no version is in production.</summary>
    public required string Location { get; init; }

    /// <summary>Called with each model that is read, to show its warnings.</summary>
    public Action<SegmentationModel>? ModelRead { get; init; }

    /// <summary>Called with warnings.</summary>
    public Action<string>? Warn { get; init; }

    /// <summary>Called with information about the comparison and its verdict.</summary>
    public Action<string>? Information { get; init; }

    /// <summary>Called with the number of measurements done and the total.</summary>
    public Action<int, int>? Progress { get; init; }
}
