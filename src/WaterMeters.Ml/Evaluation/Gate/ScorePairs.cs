namespace WaterMeters.Ml.Evaluation.Gate;

/// <summary>Dice of two models on the same photos, in the same order.</summary>
/// <param name="Candidate">Dice of the candidate, one per photo, 0..1.</param>
/// <param name="Baseline">Dice of the baseline, one per photo, 0..1.</param>
public sealed record ScorePairs(IReadOnlyList<double> Candidate, IReadOnlyList<double> Baseline)
{
    /// <summary>Computes candidate minus baseline, one number per photo.</summary>
    /// <exception cref="ArgumentException">The numbers of photos differ, or a score is not a number from 0 to 1.</exception>
    public double[] Differences()
    {
        if (Candidate.Count != Baseline.Count) throw new ArgumentException("Both models need a score for each photo.");
        double[] differences = new double[Candidate.Count];
        for (int i = 0; i < differences.Length; i++)
        {
            if (!(Candidate[i] is >= 0 and <= 1 && Baseline[i] is >= 0 and <= 1))
            {
                throw new ArgumentException("A score must be from 0 to 1.");
            }

            differences[i] = Candidate[i] - Baseline[i];
        }

        return differences;
    }

    /// <summary>Returns the scores of some photos.</summary>
    public ScorePairs Slice(IReadOnlyList<int> photos) =>
        new([.. photos.Select(i => Candidate[i])], [.. photos.Select(i => Baseline[i])]);
}
