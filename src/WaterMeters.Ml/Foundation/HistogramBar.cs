namespace WaterMeters.Ml.Foundation;

/// <summary>A bar of a histogram: how many values are from <paramref name="From"/> to below <paramref name="To"/>.</summary>
/// <param name="From">Where it begins.</param>
/// <param name="To">Where it ends.</param>
/// <param name="Count">How many values are in it.</param>
/// <param name="IsTail">Whether it stands for all the values far beyond the other bars, and is drawn as wide as they are.</param>
internal readonly record struct HistogramBar(double From, double To, long Count, bool IsTail = false);
