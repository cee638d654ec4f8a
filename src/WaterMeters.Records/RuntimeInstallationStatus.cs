namespace WaterMeters;

/// <summary>Outcome of an installation.</summary>
public enum RuntimeInstallationStatus
{
    /// <summary>The files were installed now.</summary>
    Installed,

    /// <summary>The files were already there; nothing was done.</summary>
    AlreadyThere,
}
