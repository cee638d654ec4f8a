namespace WaterMeters.Ml.Evaluation.Gate;

/// <summary>What photos say of a candidate that has no baseline.</summary>
/// <param name="Photos">Photos it was measured on.</param>
/// <param name="Dice">Its mean Dice.</param>
/// <param name="MissedWindows">Windows it misses.</param>
/// <param name="EmptyMasks">Photos on which it marks nothing.</param>
public readonly record struct CandidateEvidence(int Photos, double Dice, int MissedWindows = 0, int EmptyMasks = 0)
{
    /// <summary>Whether it finds no window at all.</summary>
    public bool FindsNothing => MissedWindows == Photos || EmptyMasks == Photos;
}
