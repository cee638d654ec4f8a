namespace WaterMeters.Ml.Samples;

/// <summary>Options of <see cref="SampleDataset"/>.</summary>
public sealed record SampleOptions
{
    /// <summary>Smallest longer edge, in pixels; below it a window would be only a few pixels high.</summary>
    public const int MinimumSize = 64;

    /// <summary>Largest longer edge, in pixels.</summary>
    public const int MaximumSize = 8192;

    /// <summary>Number of pairs, at least 1.</summary>
    public int Count { get; init; } = 40;

    /// <summary>Longer edge of every photo, in pixels, <see cref="MinimumSize"/> to <see cref="MaximumSize"/>.</summary>
    public int Size { get; init; } = 640;

    /// <summary>Random seed. Photo number i depends only on the seed, i and the size.</summary>
    public int Seed { get; init; }

    /// <summary>Whether existing files are replaced; otherwise they are an error.</summary>
    public bool Force { get; init; }

    /// <summary>Defects to plant beside the clean pairs, each in its own pair; they do not change the clean pairs.</summary>
    public IReadOnlyCollection<SampleDefect> Defects { get; init; } = [];

    /// <summary>Checks the ranges of the options.</summary>
    /// <exception cref="SettingsException">A value is out of range.</exception>
    internal void Validate()
    {
        if (Count < 1) throw new SettingsException(nameof(Count), FormattableString.Invariant($"Invalid count {Count}. Use at least 1."));
        if (Size is < MinimumSize or > MaximumSize)
        {
            throw new SettingsException(nameof(Size), FormattableString.Invariant(
                $"Invalid size {Size}. Use {MinimumSize} to {MaximumSize} pixels for the longer edge."));
        }
    }
}
