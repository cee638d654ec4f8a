namespace WaterMeters;

/// <summary>What became of an installation.</summary>
public enum RuntimeInstallationStatus
{
    /// <summary>The files were put there now.</summary>
    Installed,

    /// <summary>They were there before; nothing was done.</summary>
    AlreadyThere,
}
