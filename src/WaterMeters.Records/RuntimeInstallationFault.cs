namespace WaterMeters;

/// <summary>Why a native library could not be installed.</summary>
public enum RuntimeInstallationFault
{
    /// <summary>There is no package for this platform.</summary>
    NoPackage,

    /// <summary>The source is not there, cannot be read, or does not hold the library for this platform.</summary>
    SourceUnusable,

    /// <summary>No hash is known to check the package against.</summary>
    HashUnknown,

    /// <summary>The package is another one than expected, or damaged.</summary>
    HashMismatch,

    /// <summary>The feed does not answer, or has no such package.</summary>
    FeedUnavailable,

    /// <summary>The download broke off, again and again.</summary>
    DownloadBroken,

    /// <summary>The destination holds something else, or is in use.</summary>
    DestinationInUse,

    /// <summary>The disk has too little room.</summary>
    DiskFull,
}
