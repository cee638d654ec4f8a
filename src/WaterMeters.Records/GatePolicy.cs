namespace WaterMeters;

/// <summary>What a candidate must show to replace the baseline.</summary>
public enum GatePolicy
{
    /// <summary>It is significantly better.</summary>
    Superior,

    /// <summary>It is not worse by more than the margin.</summary>
    NonInferior,

    /// <summary>
    /// Its mean Dice and mean IoU are both higher, however small the difference and however few the photos: the rule of the legacy
    /// pipeline.
    /// </summary>
    Strict,
}
