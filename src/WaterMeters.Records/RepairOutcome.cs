namespace WaterMeters;

/// <summary>What became of a file that can be mended.</summary>
public enum RepairOutcome
{
    /// <summary>It was mended.</summary>
    Repaired,

    /// <summary>Something is in the way; it is as it was.</summary>
    Left,
}
