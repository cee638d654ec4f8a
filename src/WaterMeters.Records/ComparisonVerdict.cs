namespace WaterMeters;

/// <summary>Result of a comparison of two models.</summary>
public enum ComparisonVerdict
{
    /// <summary>The photos do not show whether the candidate is better or worse.</summary>
    Inconclusive,

    /// <summary>The candidate is significantly better than the baseline.</summary>
    Superior,

    /// <summary>The candidate is not worse by more than the margin.</summary>
    NonInferior,

    /// <summary>The candidate is significantly worse than the baseline.</summary>
    Inferior,

    /// <summary>There is no baseline to compare with.</summary>
    NoBaseline,
}
