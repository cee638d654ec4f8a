namespace WaterMeters;

/// <summary>What a comparison of two models found.</summary>
public enum ComparisonVerdict
{
    /// <summary>The photos do not show that the candidate is better.</summary>
    Inconclusive,

    /// <summary>The candidate is better.</summary>
    Superior,
}
