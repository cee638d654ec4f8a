namespace WaterMeters;

/// <summary>Why a photo is not in the part that its own hash gives.</summary>
public enum SplitReason
{
    /// <summary>It resembles another photo and is in the part of that photo.</summary>
    Resembles,

    /// <summary>It resembles photos of two parts and is in none.</summary>
    SetAside,

    /// <summary>It is the repaired version of another file and stays in the part of that file.</summary>
    Repaired,
}
