namespace WaterMeters;

/// <summary>Result of one check of this machine.</summary>
public enum EnvironmentStatus
{
    /// <summary>Everything needed is present.</summary>
    Ok,

    /// <summary>Usable, but with limitations.</summary>
    Warning,

    /// <summary>Missing; the cmdlets that need it will fail.</summary>
    Missing,

    /// <summary>Not checked: nothing of it is set up, or something before it is missing. Detail says which.</summary>
    Skipped,
}
