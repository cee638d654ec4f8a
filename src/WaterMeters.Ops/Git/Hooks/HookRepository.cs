using System.Globalization;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ops.Git.Pushes;

namespace WaterMeters.Ops.Git.Hooks;

/// <summary>A repository of git as its hooks see it: where git looks for them, and the settings that they read.</summary>
public sealed class HookRepository
{
    /// <summary>The name of the hook that git calls before a push.</summary>
    public const string HookName = "pre-push";

    /// <summary>The section of the settings that the hook reads.</summary>
    internal const string Section = "watermeters";

    /// <summary>The first version of git that runs hooks from its settings.</summary>
    private static readonly Version FirstWithConfigHooks = new(2, 54);

    private readonly GitProcess git;
    private readonly CancellationToken cancellation;

    private HookRepository(GitProcess git, string common, string hooks, CancellationToken cancellation)
    {
        (this.git, this.cancellation) = (git, cancellation);
        Path = git.Folder;
        CommonFolder = common;
        HooksFolder = hooks;
        (HooksPath, HooksPathOrigin) = ReadHooksPath();
    }

    /// <summary>Absolute path of the top folder of the work tree.</summary>
    public string Path { get; }

    /// <summary>Absolute path of the folder of git that all worktrees share.</summary>
    public string CommonFolder { get; }

    /// <summary>Absolute path of the folder that git runs hooks from, which need not exist.</summary>
    public string HooksFolder { get; }

    /// <summary>The value of core.hooksPath; null if it is not set.</summary>
    public string? HooksPath { get; }

    /// <summary>Where core.hooksPath is set, such as the path of a file; empty if it is not set.</summary>
    public string HooksPathOrigin { get; }

    /// <summary>Absolute path of the hook that git runs from <see cref="HooksFolder"/>.</summary>
    public string HookFile => System.IO.Path.Combine(HooksFolder, HookName);

    /// <summary>Absolute path of the folder for the module's own files, which git does not touch.</summary>
    public string OwnFolder => System.IO.Path.Combine(CommonFolder, Section);

    /// <summary>Whether the hooks are in a folder outside of the repository, as core.hooksPath in the settings of a user says.</summary>
    public bool IsShared => !IsIn(Path) && !IsIn(CommonFolder);

    /// <summary>Whether this git runs hooks from its settings.</summary>
    public bool HasConfigHooks => GitVersion() >= FirstWithConfigHooks;

    /// <summary>Finds the repository around a folder, also that of a linked worktree.</summary>
    /// <param name="folder">Absolute path of a folder.</param>
    /// <param name="cancellation">Ends git.</param>
    /// <exception cref="GitException">There is none, it has no work tree, or git is missing.</exception>
    public static HookRepository Find(string folder, CancellationToken cancellation)
    {
        var top = new GitProcess(folder).Run(["rev-parse", "--show-toplevel"], cancellation);
        if (!top.IsSuccess || top.Line.Length == 0) throw NoRepository(folder, top);
        var git = new GitProcess(System.IO.Path.GetFullPath(top.Line));

        // Where hooks run, a relative core.hooksPath starts too.
        var lines = git.Require(["rev-parse", "--git-common-dir", "--git-path", "hooks"], cancellation).Lines;
        if (lines is not [var common, var hooks]) throw NoRepository(folder, top);
        return new HookRepository(git, Full(common), Full(hooks), cancellation);

        string Full(string path) => System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path, git.Folder));
    }

    /// <summary>Finds the repository around a folder; null if there is none, or no git.</summary>
    /// <inheritdoc cref="Find"/>
    public static HookRepository? TryFind(string folder, CancellationToken cancellation)
    {
        try
        {
            return GitProgram.IsInstalled && Directory.Exists(folder) ? Find(folder, cancellation) : null;
        }
        catch (GitException)
        {
            return null;
        }
    }

    /// <summary>Returns the values of a setting in the order in which git reads them.</summary>
    /// <param name="key">The name of the setting.</param>
    /// <param name="isLocal">Whether only the settings of the repository itself count, not those of the user.</param>
    internal IReadOnlyList<string> Values(string key, bool isLocal = false)
    {
        // Ended by NUL: a value may have several lines.
        var found = git.Run(["config", .. isLocal ? (string[])["--local"] : [], "-z", "--get-all", key], cancellation);
        return found.IsSuccess ? found.Text.TrimEnd('\0').Split('\0') : [];
    }

    /// <summary>Sets the values of a setting of the repository. Returns whether they were others before.</summary>
    internal bool Set(string key, IReadOnlyList<string> values)
    {
        if (Values(key, isLocal: true).SequenceEqual(values, StringComparer.Ordinal)) return false;
        Unset(key);
        foreach (string value in values) git.Require(["config", "--local", "--add", key, value], cancellation);
        return true;
    }

    /// <summary>Removes all values of a setting of the repository. Returns whether it had one.</summary>
    internal bool Unset(string key)
    {
        if (Values(key, isLocal: true).Count == 0) return false;
        git.Require(["config", "--local", "--unset-all", key], cancellation);
        return true;
    }

    /// <summary>Removes the heading of a section of the repository's settings if none is left. git keeps it after a comment.</summary>
    internal void RemoveEmptySection(string section)
    {
        string pattern = $@"^{section.Replace(".", @"\.", StringComparison.Ordinal)}\.";
        if (git.Run(["config", "--local", "--get-regexp", pattern], cancellation).IsSuccess) return;
        _ = git.Run(["config", "--local", "--remove-section", section], cancellation);
    }

    /// <summary>Removes what judged pushes left in <see cref="OwnFolder"/>, which exists.</summary>
    internal void RemovePushFiles() => PushWorkspace.Remove(git, OwnFolder);

    /// <summary>Returns whether git runs its hooks from the settings that have a name.</summary>
    internal bool RunsConfigHook(string name)
    {
        if (!HasConfigHooks || !Values($"hook.{name}.event").Contains(HookName)) return false;
        return Values($"hook.{name}.command").Count > 0 && IsTrue($"hook.{name}.enabled") && IsTrue($"hook.{HookName}.enabled");

        bool IsTrue(string key)
        {
            var value = git.Run(["config", "--type=bool", "--get", key], cancellation);
            return !value.IsSuccess || value.Line == "true";
        }
    }

    private bool IsIn(string folder)
    {
        string parent = folder + System.IO.Path.DirectorySeparatorChar;
        return HooksFolder.Length >= parent.Length && SystemPaths.Comparer.Equals(HooksFolder[..parent.Length], parent);
    }

    private (string? Value, string Origin) ReadHooksPath()
    {
        var found = git.Run(["config", "--show-origin", "--get", "core.hooksPath"], cancellation);
        string[] parts = found.Line.Split('\t', 2);
        if (!found.IsSuccess || parts.Length < 2) return (null, "");
        const string File = "file:";
        return (parts[1], parts[0].StartsWith(File, StringComparison.Ordinal) ? parts[0][File.Length..] : parts[0]);
    }

    private Version GitVersion()
    {
        // git version 2.39.5, 2.55.0.windows.1, 2.50.1 (Apple Git-155), 2.55.GIT
        string text = git.Require(["version"], cancellation).Line.Split(' ').ElementAtOrDefault(2) ?? "";
        int[] numbers = [.. text.Split('.', '-').TakeWhile(part => part.All(char.IsAsciiDigit) && part.Length > 0).Take(2)
            .Select(part => int.Parse(part, CultureInfo.InvariantCulture))];
        return numbers is [var major, var minor] ? new Version(major, minor) : new Version(0, 0);
    }

    private static GitException NoRepository(string folder, GitOutput found) => new(
        GitFault.NoRepository,
        folder,
        $"'{folder}' is in no git repository with a work tree: {GitProcess.Sentence(found.Reason)} "
            + "Name a folder of the repository, or create one with Initialize-WmsRepository.");
}
