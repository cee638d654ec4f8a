namespace WaterMeters;

/// <summary>Why git cannot be used.</summary>
public enum GitFault
{
    /// <summary>git, or git-lfs, is not installed or not found.</summary>
    NotInstalled,

    /// <summary>The folder is in no repository.</summary>
    NoRepository,

    /// <summary>git ended with an error.</summary>
    Failed,

    /// <summary>The input is not what git writes to a pre-push hook.</summary>
    BadInput,
}
