namespace WaterMeters;

/// <summary>Result of exporting a model to another format.</summary>
public sealed record ModelExport
{
    /// <summary>Name of the exported model: the new file name without extension.</summary>
    public required string Name { get; init; }

    /// <summary>Absolute path of the new file.</summary>
    public required string ModelPath { get; init; }

    /// <summary>Format of the new file.</summary>
    public required ModelFormat Format { get; init; }

    /// <summary>Size of the new file in bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>Number of trainable parameters.</summary>
    public long Parameters { get; init; }

    /// <summary>Number of channels of the network's first block.</summary>
    public int BaseChannels { get; init; }

    /// <summary>Input size of the model: edge of the square image, in pixels.</summary>
    public int Size { get; init; }

    /// <summary>Whether the model records which photos it has seen.</summary>
    public bool ProvenanceKnown { get; init; }

    /// <summary>Absolute path of the source model file.</summary>
    public required string SourcePath { get; init; }
}
