namespace WaterMeters;

/// <summary>A defect planted in a sample data set, with the finding that Test-WmsDataset reports for it.</summary>
public sealed record PlantedDefect
{
    /// <summary>Kind of defect.</summary>
    public SampleDefect Defect { get; init; }

    /// <summary>Identifier of the check that finds it, such as <c>MaskNotBinary</c>.</summary>
    public required string Check { get; init; }

    /// <summary>Severity of the finding without -Strict.</summary>
    public FindingSeverity Severity { get; init; }

    /// <summary>Name of the pair: its file name without extension, such as <c>defect-mask-not-binary</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Absolute path of the file that the finding names.</summary>
    public required string Path { get; init; }
}
