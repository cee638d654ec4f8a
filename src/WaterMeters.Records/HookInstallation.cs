namespace WaterMeters;

/// <summary>The pre-push hook of a git repository.</summary>
public sealed record HookInstallation
{
    /// <summary>What was done.</summary>
    public required HookOutcome Outcome { get; init; }

    /// <summary>How git finds the hook: as a file or as a setting.</summary>
    public required HookMethod Method { get; init; }

    /// <summary>Absolute path of the top folder of the repository.</summary>
    public required string Path { get; init; }

    /// <summary>Absolute path of the hook's file.</summary>
    public required string HookPath { get; init; }

    /// <summary>
    /// Absolute path of the hook that was there before: it is called after this one, and restored by Uninstall-WmsHook. Null if there was
    /// none. After Uninstall-WmsHook: an earlier hook that stays, because the hook of another tool is in its place.
    /// </summary>
    public string? EarlierHookPath { get; init; }

    /// <summary>The first place where the hook looks for PowerShell; null after the hook was removed.</summary>
    public string? PwshPath { get; init; }

    /// <summary>The first place where the hook looks for this module; null after the hook was removed.</summary>
    public string? ModulePath { get; init; }
}
