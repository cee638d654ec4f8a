namespace WaterMeters.Ops.Tracking.Runs;

/// <summary>A training as it is in a store, or was to be.</summary>
public sealed record RecordedRun
{
    /// <summary>Folder of the training's files.</summary>
    public required string OutputPath { get; init; }

    /// <summary>Name of the run.</summary>
    public required string Name { get; init; }

    /// <summary>Identifier in the store; null when it could not be recorded at all.</summary>
    public string? RunId { get; init; }

    /// <summary>Address of the store that has it; null when none has.</summary>
    public string? StoreAddress { get; init; }

    /// <summary>Address of its web page; null when the store has none.</summary>
    public string? Page { get; init; }

    /// <summary>Whether it waits in the local store for the server that could not be reached.</summary>
    public bool IsWaiting { get; init; }
}
