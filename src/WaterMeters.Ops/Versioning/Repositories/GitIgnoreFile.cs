using System.Text;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ops.Versioning.Repositories;

/// <summary>Keeps published files out of git, with the lines that DVC writes.</summary>
internal static class GitIgnoreFile
{
    /// <summary>
    /// Adds a file or folder to the .gitignore beside it, unless git ignores it already. Returns whether a line was added.
    /// </summary>
    public static bool Add(string root, string path)
    {
        string folder = Path.GetDirectoryName(path)!;
        string file = Path.Combine(folder, IgnoreRules.GitName);
        bool isFolder = Directory.Exists(path) || !File.Exists(path);
        string relative = Path.GetRelativePath(root, path).Replace(Path.DirectorySeparatorChar, '/');
        if (IgnoreRules.Read(root, folder, IgnoreRules.GitName).Ignores(relative, isFolder)) return false;
        string text = File.Exists(file) ? VersionErrors.ReadText(file) : "";
        string separator = text.Length == 0 || text.EndsWith('\n') ? "" : "\n";
        AtomicFile.WriteText(file, $"{text}{separator}/{Escape(Path.GetFileName(path))}\n");
        return true;
    }

    /// <summary>Returns whether git ignores a file that exists: by its own name, or with a folder that it is in.</summary>
    public static bool Ignores(string root, string path)
    {
        string relative = Path.GetRelativePath(root, path).Replace(Path.DirectorySeparatorChar, '/');
        var rules = IgnoreRules.Read(root, Path.GetDirectoryName(path)!, IgnoreRules.GitName);
        for (int end = relative.IndexOf('/', StringComparison.Ordinal); end > 0; end = relative.IndexOf('/', end + 1))
        {
            if (rules.Ignores(relative[..end], isFolder: true)) return true;
        }

        return rules.Ignores(relative, isFolder: false);
    }

    private static string Escape(string name)
    {
        var escaped = new StringBuilder();
        foreach (char c in name) escaped.Append(c is '[' or ']' or '!' or '*' or '#' or '?' ? $"\\{c}" : $"{c}");
        return escaped.ToString();
    }
}
