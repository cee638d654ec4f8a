namespace WaterMeters;

/// <summary>What was done with a file that can be repaired.</summary>
public enum RepairOutcome
{
    /// <summary>The file was repaired.</summary>
    Repaired,

    /// <summary>The repair was not possible; the file is unchanged.</summary>
    Left,

    /// <summary>Nothing was written because of -WhatIf; without it the file would be repaired.</summary>
    WouldRepair,
}
