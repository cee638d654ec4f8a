namespace WaterMeters;

/// <summary>Why a photo is not where its own hash would put it.</summary>
public enum SplitReason
{
    /// <summary>It shows what another photo shows, and goes where that one is.</summary>
    Resembles,

    /// <summary>It shows what photos of two parts show, and is in none.</summary>
    SetAside,

    /// <summary>It is another photo's file, repaired, and keeps that one's place.</summary>
    Repaired,
}
