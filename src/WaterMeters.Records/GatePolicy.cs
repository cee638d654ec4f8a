namespace WaterMeters;

/// <summary>What a candidate has to show to replace the baseline.</summary>
public enum GatePolicy
{
    /// <summary>That it is better.</summary>
    Superior,

    /// <summary>That it is not worse by more than the margin.</summary>
    NonInferior,

    /// <summary>A higher mean Dice and a higher mean IoU, however small the difference and however few the photos: the rule of the seed system.</summary>
    Strict,
}
