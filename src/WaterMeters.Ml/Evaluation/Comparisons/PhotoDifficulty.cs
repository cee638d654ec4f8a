namespace WaterMeters.Ml.Evaluation.Comparisons;

/// <summary>What makes a photo difficult; the same photo is always the same.</summary>
/// <param name="Dark">Whether it is dark.</param>
/// <param name="Blurred">Whether it is blurred.</param>
/// <param name="SmallWindow">Whether the window takes little of it.</param>
public readonly record struct PhotoDifficulty(bool Dark, bool Blurred, bool SmallWindow);
