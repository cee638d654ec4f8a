namespace WaterMeters.Ml.Evaluation.Gate;

/// <summary>Photos that have a difficulty in common.</summary>
/// <param name="Name">The difficulty in a word.</param>
/// <param name="Photos">Their indices among the photos compared on.</param>
public sealed record GateSlice(string Name, IReadOnlyList<int> Photos);
