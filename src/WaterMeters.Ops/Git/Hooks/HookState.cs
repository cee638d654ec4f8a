namespace WaterMeters.Ops.Git.Hooks;

/// <summary>What git runs before a push in a repository.</summary>
public sealed record HookState
{
    /// <summary>Absolute path of the hook's file, or of where it would be.</summary>
    public required string Path { get; init; }

    /// <summary>Whether Install-WmsHook was run in the repository.</summary>
    public bool IsInstalled { get; init; }

    /// <summary>Whether git runs the hook before a push.</summary>
    public bool IsEffective { get; init; }

    /// <summary>Whether it is the version of this module.</summary>
    public bool IsCurrent { get; init; }

    /// <summary>Whether the hook is in its place, but not executable, so git ignores it.</summary>
    public bool IsOwnFileIgnored { get; init; }

    /// <summary>Whether the hook of another tool is in its place.</summary>
    public bool IsOtherInPlace { get; init; }

    /// <summary>The value of core.hooksPath; null if it is not set.</summary>
    public string? HooksPath { get; init; }

    /// <summary>Where core.hooksPath is set.</summary>
    public string HooksPathOrigin { get; init; } = "";

    /// <summary>Where the hook looks for PowerShell.</summary>
    public IReadOnlyList<string> Pwsh { get; init; } = [];

    /// <summary>Whether the program that runs a pwsh.dll is there, if one is named.</summary>
    public bool HasDotnet { get; init; }

    /// <summary>Where the hook looks for the module.</summary>
    public IReadOnlyList<string> Module { get; init; } = [];
}
