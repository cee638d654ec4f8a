namespace WaterMeters.Ml.Evaluation.Gate;

/// <summary>How two models differ on a slice.</summary>
/// <param name="Name">The slice.</param>
/// <param name="Photos">Photos in it.</param>
/// <param name="Difference">Mean Dice of the candidate less the baseline's; NaN without photos.</param>
/// <param name="Lower">Lower bound of the interval.</param>
/// <param name="Upper">Upper bound of the interval.</param>
/// <param name="Blocks">Whether the candidate is worse on it, on enough photos to say so.</param>
public sealed record SliceEvidence(string Name, int Photos, double Difference, double Lower, double Upper, bool Blocks);
