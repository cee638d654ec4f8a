using WaterMeters.Ml.Settings;

namespace WaterMeters.Ops.Git.Hooks;

/// <summary>
/// Checks whether the pre-push hook is the one that git will run. Other tools switch it off without a word: husky sets core.hooksPath each
/// time it is installed, git-lfs can write its own hook over another.
/// </summary>
public static class HookInspector
{
    /// <summary>Name of the check.</summary>
    public const string Name = "Git hook";

    private const string Install = "Install-WmsHook";

    /// <summary>Runs the check for the repository around a folder. Nothing is written.</summary>
    /// <param name="folder">Absolute path of the folder.</param>
    /// <param name="source">The hook's script in this module.</param>
    /// <param name="cancellation">Ends git.</param>
    public static EnvironmentCheck Inspect(string folder, HookSource source, CancellationToken cancellation)
    {
        if (!GitProgram.IsInstalled) return Check(EnvironmentStatus.Warning, "git is not installed, or not found.", "Install git.");
        if (HookRepository.TryFind(folder, cancellation) is not { } repository)
        {
            return Check(EnvironmentStatus.Ok, $"'{folder}' is in no git repository.");
        }

        var state = new HookInstaller(repository, source).Inspect();
        if (state.IsEffective) return CheckEffective(repository, state);
        if (state.IsInstalled)
        {
            string reason = Reason(repository, state);
            return Check(EnvironmentStatus.Missing, $"git does not run the hook in '{repository.Path}': {reason}", Install);
        }

        return File.Exists(Path.Combine(repository.Path, SettingsFile.Name))
            ? Check(
                EnvironmentStatus.Warning, $"It is not installed in '{repository.Path}': photos can be pushed without a check.", Install)
            : Check(EnvironmentStatus.Ok, $"'{repository.Path}' has no {SettingsFile.Name}, so it needs none.");
    }

    private static EnvironmentCheck CheckEffective(HookRepository repository, HookState state)
    {
        string detail = $"git runs it before each push ('{state.Path}').";
        if (!state.IsInstalled)
        {
            return Check(
                EnvironmentStatus.Warning, $"{detail} The configuration of '{repository.Path}' does not say where PowerShell is.", Install);
        }

        if (!state.IsCurrent) return Check(EnvironmentStatus.Warning, $"{detail} It is of another version of this module.", Install);
        if (!state.Pwsh.Any(place => IsThere(place, state)))
        {
            return Check(
                EnvironmentStatus.Warning, $"{detail} PowerShell is at none of its places: {string.Join(", ", state.Pwsh)}.", Install);
        }

        return state.Module.Any(place => IsName(place) || Path.Exists(place))
            ? Check(EnvironmentStatus.Ok, detail)
            : Check(
                EnvironmentStatus.Warning, $"{detail} The module is at none of its places: {string.Join(", ", state.Module)}.", Install);
    }

    private static string Reason(HookRepository repository, HookState state) =>
        state.IsOwnFileIgnored ? $"'{state.Path}' is not executable."
        : state.HooksPath is { } path && state.IsOtherInPlace
            ? $"core.hooksPath is '{path}' (set in {state.HooksPathOrigin}), and the hook there is another."
        : state.HooksPath is { } other ? $"core.hooksPath is '{other}' (set in {state.HooksPathOrigin}), where it is not."
        : state.IsOtherInPlace ? $"'{state.Path}' is the hook of another tool now."
        : $"'{state.Path}' is not there, and this git runs no hook of the settings of '{repository.Path}'.";

    private static bool IsThere(string place, HookState state)
    {
        if (!IsName(place)) return Path.Exists(place) && (!place.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) || state.HasDotnet);
        string[] names = OperatingSystem.IsWindows() ? [place + ".exe", place + ".cmd"] : [place];
        return (Environment.GetEnvironmentVariable(GitProgram.SearchPath) ?? "").Split(Path.PathSeparator)
            .Any(folder => folder.Length > 0 && names.Any(name => File.Exists(Path.Combine(folder, name))));
    }

    private static bool IsName(string place) => place.IndexOfAny(['/', '\\']) < 0;

    private static EnvironmentCheck Check(EnvironmentStatus status, string detail, string remedy = "") =>
        new() { Name = Name, Status = status, Detail = detail, Remedy = remedy };
}
