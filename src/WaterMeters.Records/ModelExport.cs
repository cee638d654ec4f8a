namespace WaterMeters;

/// <summary>A model that was written in a format for others.</summary>
public sealed record ModelExport
{
    /// <summary>The model's name: the new file's name without extension.</summary>
    public required string Name { get; init; }

    /// <summary>The new file.</summary>
    public required string ModelPath { get; init; }

    /// <summary>The format it was written in.</summary>
    public required ModelFormat Format { get; init; }

    /// <summary>Its length, bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>Numbers that were learnt.</summary>
    public long Parameters { get; init; }

    /// <summary>Channels of the network's first block.</summary>
    public int BaseChannels { get; init; }

    /// <summary>The model's input size, pixels.</summary>
    public int Size { get; init; }

    /// <summary>Whether the model says which photos it has seen.</summary>
    public bool ProvenanceKnown { get; init; }

    /// <summary>The file it was read from.</summary>
    public required string SourcePath { get; init; }
}
