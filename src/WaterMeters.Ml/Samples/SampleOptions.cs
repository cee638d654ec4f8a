namespace WaterMeters.Ml.Samples;

/// <summary>What <see cref="SampleDataset"/> draws.</summary>
public sealed record SampleOptions
{
    /// <summary>The smallest longer edge, in pixels, at which a window is still more than a few pixels high.</summary>
    public const int MinimumSize = 64;

    /// <summary>The largest longer edge, in pixels.</summary>
    public const int MaximumSize = 8192;

    /// <summary>How many pairs, at least 1.</summary>
    public int Count { get; init; } = 40;

    /// <summary>The longer edge of every photo, in pixels, <see cref="MinimumSize"/> to <see cref="MaximumSize"/>.</summary>
    public int Size { get; init; } = 640;

    /// <summary>Photo number i depends on the seed, on i and on the size, and on nothing else.</summary>
    public int Seed { get; init; }

    /// <summary>Replaces files that are already there; without it they are an error.</summary>
    public bool Force { get; init; }

    /// <summary>Faults to plant beside the clean pairs, each in a pair of its own; the clean ones are the same with and without.</summary>
    public IReadOnlyCollection<SampleDefect> Defects { get; init; } = [];

    /// <exception cref="SettingsException">A value is out of its range.</exception>
    internal void Check()
    {
        if (Count < 1) throw new SettingsException(nameof(Count), FormattableString.Invariant($"Count is {Count}. Ask for at least 1 photo."));
        if (Size is < MinimumSize or > MaximumSize)
            throw new SettingsException(nameof(Size), FormattableString.Invariant($"Size is {Size}. Give the longer edge in pixels, from {MinimumSize} to {MaximumSize}."));
    }
}
