namespace WaterMeters;

/// <summary>Why a native library could not be installed.</summary>
public enum RuntimeInstallationFault
{
    /// <summary>There is no package for this platform.</summary>
    NoPackage,

    /// <summary>The source does not exist, cannot be read, or does not contain the library for this platform.</summary>
    SourceUnusable,

    /// <summary>No hash is known to verify the package.</summary>
    HashUnknown,

    /// <summary>The package is not the expected one, or is damaged.</summary>
    HashMismatch,

    /// <summary>The feed does not respond, or does not have the package.</summary>
    FeedUnavailable,

    /// <summary>The download was interrupted repeatedly.</summary>
    DownloadBroken,

    /// <summary>The destination folder contains other files, or is in use.</summary>
    DestinationInUse,

    /// <summary>There is not enough free disk space.</summary>
    DiskFull,
}
