namespace WaterMeters;

/// <summary>What was done with the pre-push hook of a repository.</summary>
public enum HookOutcome
{
    /// <summary>It was installed.</summary>
    Installed,

    /// <summary>It was installed already; its file or its settings were brought up to date.</summary>
    Updated,

    /// <summary>It was installed already, in the same form.</summary>
    Unchanged,

    /// <summary>It was removed.</summary>
    Removed,

    /// <summary>It was not installed, so nothing was removed.</summary>
    NotInstalled,
}
