using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ops.Versioning.Repositories;

/// <summary>The files that <c>.dvcignore</c> files, or <c>.gitignore</c> files, leave out: those of a folder and of all above it.</summary>
internal sealed class IgnoreRules
{
    /// <summary>Name of DVC's file.</summary>
    public const string DvcName = ".dvcignore";

    /// <summary>Name of git's file.</summary>
    public const string GitName = ".gitignore";

    private readonly List<(string Folder, IgnorePattern Pattern)> patterns = [];

    private IgnoreRules()
    {
    }

    /// <summary>Whether nothing is left out.</summary>
    public bool IsEmpty => patterns.Count == 0;

    /// <summary>Reads the files of a folder and of those above it, up to the root of the repository.</summary>
    /// <param name="root">The root.</param>
    /// <param name="folder">The folder, in the root.</param>
    /// <param name="name">Name of the files.</param>
    public static IgnoreRules Read(string root, string folder, string name)
    {
        var rules = new IgnoreRules();
        var folders = new Stack<string>();
        for (string? at = folder; at is not null; at = Path.GetDirectoryName(at))
        {
            folders.Push(at);
            if (SystemPaths.Comparer.Equals(at, root)) break;
        }

        foreach (string at in folders)
        {
            string file = Path.Combine(at, name);
            if (!File.Exists(file)) continue;
            string prefix = Path.GetRelativePath(root, at).Replace(Path.DirectorySeparatorChar, '/');
            foreach (string line in VersionErrors.ReadText(file).Split('\n'))
            {
                if (IgnorePattern.Parse(line) is { } pattern) rules.patterns.Add((prefix == "." ? "" : prefix + "/", pattern));
            }
        }

        return rules;
    }

    /// <summary>Returns whether a file or folder is left out; the last pattern that matches decides.</summary>
    /// <param name="path">Path relative to the root, with <c>/</c> between names.</param>
    /// <param name="isFolder">Whether it is a folder.</param>
    public bool Ignores(string path, bool isFolder)
    {
        for (int i = patterns.Count - 1; i >= 0; i--)
        {
            var (folder, pattern) = patterns[i];
            if (path.StartsWith(folder, StringComparison.Ordinal)
                && pattern.Matches(path[folder.Length..], isFolder)) return !pattern.IsException;
        }

        return false;
    }
}
