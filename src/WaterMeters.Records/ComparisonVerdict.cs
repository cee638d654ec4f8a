namespace WaterMeters;

/// <summary>What a comparison of two models found.</summary>
public enum ComparisonVerdict
{
    /// <summary>The photos do not decide it.</summary>
    Inconclusive,

    /// <summary>The candidate is better.</summary>
    Superior,

    /// <summary>The candidate is not worse by more than the margin.</summary>
    NonInferior,

    /// <summary>The candidate is worse.</summary>
    Inferior,

    /// <summary>There is no model to beat.</summary>
    NoBaseline,
}
