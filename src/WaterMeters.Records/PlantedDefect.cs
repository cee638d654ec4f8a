namespace WaterMeters;

/// <summary>A fault that was planted in a drawn data set, in the words in which Test-WmsDataset finds it.</summary>
public sealed record PlantedDefect
{
    /// <summary>The fault.</summary>
    public SampleDefect Defect { get; init; }

    /// <summary>The check that finds it, such as <c>MaskNotBinary</c>.</summary>
    public required string Check { get; init; }

    /// <summary>How the check weighs it, without -Strict.</summary>
    public FindingSeverity Severity { get; init; }

    /// <summary>The sample it is in: its files' name without extension, such as <c>defect-mask-not-binary</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Absolute path of the file that the check names.</summary>
    public required string Path { get; init; }
}
