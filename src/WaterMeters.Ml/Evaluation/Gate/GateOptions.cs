namespace WaterMeters.Ml.Evaluation.Gate;

/// <summary>Options of the gate: the policy, its thresholds and the seed.</summary>
public sealed record GateOptions
{
    /// <summary>What a candidate must show.</summary>
    public GatePolicy Policy { get; init; }

    /// <summary>Largest one-sided p-value that counts as better.</summary>
    public double Alpha { get; init; } = 0.025;

    /// <summary>Confidence of the two-sided interval, 0..1.</summary>
    public double Confidence { get; init; } = 0.95;

    /// <summary>Loss of mean Dice that still counts as not worse, 0..1.</summary>
    public double Margin { get; init; } = 0.01;

    /// <summary>Lowest mean Dice that may pass, 0..1; without it, a candidate that has no baseline does not pass.</summary>
    public double? MinimumDice { get; init; }

    /// <summary>Fewest photos for a verdict.</summary>
    public int MinimumPhotos { get; init; } = 100;

    /// <summary>Fewest photos of a slice that can block a candidate.</summary>
    public int MinimumSlicePhotos { get; init; } = 30;

    /// <summary>Dice below which the window counts as missed.</summary>
    public double MissedWindowDice { get; init; } = 0.1;

    /// <summary>One-sided p-value below which the candidate misses too many windows.</summary>
    public double MissedWindowAlpha { get; init; } = 0.1;

    /// <summary>Number of resamples of the bootstrap and of the permutation test.</summary>
    public int Resamples { get; init; } = 10_000;

    /// <summary>Seed of the random draws.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Whether a candidate may pass that does not record which photos it has seen.</summary>
    public bool AllowUnknownProvenance { get; init; }

    /// <summary>
    /// Returns the largest p-value that counts as better on this many photos: <see cref="Alpha"/> from 125 photos on, four fifths of it
    /// up to 100, linear in between. With few photos, a handful of windows that one model misses by chance has so much influence that a
    /// model 0.01 worse would pass too often.
    /// </summary>
    public double AlphaFor(int photos) => Alpha * Math.Clamp(photos / 125.0, 0.8, 1);

    /// <summary>Checks every value.</summary>
    /// <exception cref="SettingsException">A value is out of its range.</exception>
    public void Check()
    {
        Within("Alpha", Alpha, 0, 0.5);
        Within("Confidence", Confidence, 0.5, 0.9999);
        Within("Margin", Margin, 0, 1);
        Within("MinimumDice", MinimumDice ?? 0, 0, 1);
        Within("MinimumPhotos", MinimumPhotos, 2, int.MaxValue);
        Within("MinimumSlicePhotos", MinimumSlicePhotos, 2, int.MaxValue);
        Within("MissedWindowDice", MissedWindowDice, 0, 1);
        Within("MissedWindowAlpha", MissedWindowAlpha, 0, 1);
        Within("Resamples", Resamples, 1000, 1_000_000);
    }

    private static void Within(string name, double value, double low, double high)
    {
        if (value >= low && value <= high) return; // false for NaN
        throw new SettingsException(name, FormattableString.Invariant($"{name} is {value}. Use a value from {low} to {high}."));
    }
}
