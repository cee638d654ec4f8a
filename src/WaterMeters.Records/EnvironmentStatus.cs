namespace WaterMeters;

/// <summary>What a check of this machine says.</summary>
public enum EnvironmentStatus
{
    /// <summary>All that is needed is there.</summary>
    Ok,

    /// <summary>It works, or may work, with less than one would wish.</summary>
    Warning,

    /// <summary>Something is not there that the cmdlets named need.</summary>
    Missing,
}
