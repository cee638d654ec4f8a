using System.Text;
using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Settings;

namespace WaterMeters.Ops.Git.Pushes;

/// <summary>
/// What decides about a push: the wms.yaml of the remote's main branch, not the one that is pushed, which the author of the push can
/// change.
/// </summary>
/// <param name="Hook">Protected branches, and what refuses.</param>
/// <param name="Checks">The severity of each check.</param>
/// <param name="DataFolder">The folder of the data set in the repository, empty for its top; null if the file names none.</param>
/// <param name="Main">The remote's main branch; null if it has none.</param>
internal sealed record PushPolicy(HookSettings Hook, CheckSettings Checks, string? DataFolder, string? Main)
{
    /// <summary>Other names of branches of the remote, with the name of the branch.</summary>
    public IReadOnlyDictionary<string, string> Aliases { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Returns whether training data must not be pushed to a branch. The main branch always is protected, under other names too. A remote
    /// in a folder on Windows takes Main for main.
    /// </summary>
    public bool Protects(string branch) => branch.Equals(Main, StringComparison.OrdinalIgnoreCase) || Hook.Protects(branch)
        || (Aliases.TryGetValue(branch, out string? target) && target != branch && (target == Main || Hook.Protects(target)));

    /// <summary>
    /// Compiles the parser of wms.yaml in the background. Its first use takes longer than all that it parses, and in a hook each use is the
    /// first; the git commands before it leave a core idle.
    /// </summary>
    public static void PrepareParser() => Task.Run(() => SettingsFile.Parse(
        "dataset:\n  path: data\n", SettingsFile.Name, _ => { }, strict: true));

    /// <summary>Reads the policy.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="remote">The remote.</param>
    /// <param name="main">The commit of its main branch; null if it has none.</param>
    /// <param name="cancellation">Ends git.</param>
    /// <exception cref="PushRefusedException">The file cannot be used.</exception>
    public static PushPolicy Read(GitRepository repository, PushRemote remote, string? main, CancellationToken cancellation)
    {
        string source = $"{remote.Main}:{SettingsFile.Name}";
        try
        {
            var file = main is null ? null : File(repository, main, source, cancellation);
            return new PushPolicy(
                HookSettings.Read(file, _ => { }), CheckSettings.Read(file, _ => { }), FolderOf(file), remote.Main)
            {
                Aliases = remote.Aliases,
            };
        }
        catch (SettingsException e)
        {
            throw new PushRefusedException($"{e.Message} It is read from {remote.Name}: correct it there first.");
        }
    }

    /// <summary>Returns a path of the file from the top of the repository; null if it leads out of it.</summary>
    internal static string? Normalize(string path)
    {
        path = path.Trim().Replace('\\', '/');
        if (path.StartsWith('/') || path.Contains(':', StringComparison.Ordinal)) return null;
        var parts = new List<string>();
        foreach (string part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".") continue;
            if (part != "..") parts.Add(part);
            else if (parts.Count == 0) return null;
            else parts.RemoveAt(parts.Count - 1);
        }

        return string.Join('/', parts);
    }

    private static SettingsFile? File(GitRepository repository, string main, string source, CancellationToken cancellation)
    {
        var listed = repository.Git.Require(["ls-tree", "-z", "--full-tree", main, "--", SettingsFile.Name], cancellation);
        var (_, entry) = TreeEntry.Parse(listed.Bytes).FirstOrDefault();
        if (entry is null) return null;
        if (entry.Mode is not ("100644" or "100755"))
        {
            throw new SettingsException(source, $"'{source}' is not a file with settings but a link or a folder.");
        }

        string text = Encoding.UTF8.GetString(repository.Git.Require(["cat-file", "blob", entry.Id], cancellation).Bytes);
        return SettingsFile.Parse(text.TrimStart('\uFEFF'), source, _ => { }, strict: true);
    }

    private static string? FolderOf(SettingsFile? file)
    {
        string? path = file?.Part("dataset").FirstOrDefault(pair => pair.Key == "path").Value;
        return string.IsNullOrWhiteSpace(path) ? null : Normalize(path);
    }
}
