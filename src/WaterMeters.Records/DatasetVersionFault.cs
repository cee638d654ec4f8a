namespace WaterMeters;

/// <summary>Why a version of a data set cannot be published, restored or compared.</summary>
public enum DatasetVersionFault
{
    /// <summary>There is no such version: no repository, no .dvc file, or no such revision.</summary>
    NotFound,

    /// <summary>A setting, a .dvc file or a listing cannot be used.</summary>
    Unusable,

    /// <summary>The remote does not respond, or its bucket does not exist.</summary>
    RemoteUnavailable,

    /// <summary>The remote refuses the credentials, or there are none.</summary>
    AccessDenied,

    /// <summary>Files of the version are missing in the remote, or damaged there.</summary>
    Incomplete,

    /// <summary>Another program has locked the repository.</summary>
    Locked,

    /// <summary>Files that were never published are in the way.</summary>
    FileInTheWay,
}
