namespace WaterMeters.Ml.Evaluation.Gate;

/// <summary>How sure a comparison must be, and what it asks for.</summary>
public sealed record GateOptions
{
    /// <summary>What a candidate has to show.</summary>
    public GatePolicy Policy { get; init; }

    /// <summary>The largest one-sided p-value that counts as better.</summary>
    public double Alpha { get; init; } = 0.025;

    /// <summary>Confidence of the two-sided interval, 0..1.</summary>
    public double Confidence { get; init; } = 0.95;

    /// <summary>How much mean Dice a candidate that is not worse may lose, 0..1.</summary>
    public double Margin { get; init; } = 0.01;

    /// <summary>The lowest mean Dice that may pass, 0..1; without it, a candidate that has no baseline does not pass.</summary>
    public double? MinimumDice { get; init; }

    /// <summary>The fewest photos that a verdict is given on.</summary>
    public int MinimumPhotos { get; init; } = 100;

    /// <summary>The fewest photos of a slice that can stop a candidate.</summary>
    public int MinimumSlicePhotos { get; init; } = 30;

    /// <summary>Under this Dice the window counts as missed.</summary>
    public double MissedWindowDice { get; init; } = 0.1;

    /// <summary>Under this one-sided p-value the candidate misses too many windows.</summary>
    public double MissedWindowAlpha { get; init; } = 0.1;

    /// <summary>Resamples of the bootstrap and of the permutation test.</summary>
    public int Resamples { get; init; } = 10_000;

    /// <summary>Names the random draws.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Whether a candidate may pass that does not say which photos it has seen.</summary>
    public bool AllowUnknownProvenance { get; init; }

    /// <summary>
    /// The largest p-value that counts as better on so many photos: <see cref="Alpha"/> from 125 of them on, four fifths of it up to 100,
    /// and between in proportion. With few photos a handful of windows that one of the models misses by chance weighs so much that a model
    /// 0.01 worse would pass too often.
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
        throw new SettingsException(name, FormattableString.Invariant($"{name} is {value}, and must be from {low} to {high}."));
    }
}
