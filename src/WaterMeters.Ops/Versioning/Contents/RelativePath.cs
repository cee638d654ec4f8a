namespace WaterMeters.Ops.Versioning.Contents;

/// <summary>Paths in a listing. They come from others, so each is checked before a file is written.</summary>
internal static class RelativePath
{
    private static readonly System.Buffers.SearchValues<char> NotInWindowsNames = System.Buffers.SearchValues.Create("\\:*?\"<>|");
    private static readonly string[] Devices = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"], Numbered = ["COM", "LPT"];

    /// <summary>Returns why a path may not be written on this system, as the end of a sentence; null if it may.</summary>
    public static string? Refusal(string path) => Refusal(path, OperatingSystem.IsWindows());

    /// <summary>Returns why a path may not be written, as the end of a sentence; null if it may.</summary>
    /// <param name="path">The path, with <c>/</c> between names.</param>
    /// <param name="onWindows">Whether names that Windows cannot write are refused too.</param>
    public static string? Refusal(string path, bool onWindows)
    {
        if (path.Length == 0) return "has no name";
        if (path.Contains('\0', StringComparison.Ordinal)) return "has a zero character in its name";
        if (path[0] == '/' || IsDrive(path)) return "is absolute";
        foreach (string name in path.Split('/'))
        {
            if (name is "..") return "leads out of the folder";
            if (name is "" or ".") return "is not a plain path";
            if (IsForeign(name)) return "leads into the folder of another program";
            if (!onWindows) continue;
            if (name.AsSpan().ContainsAny(NotInWindowsNames) || name.AsSpan().ContainsAnyInRange('\u0001', '\u001f'))
            {
                return "has a character that Windows allows in no name";
            }

            if (name[^1] is '.' or ' ') return "ends with a dot or a space, which Windows ignores";
            if (IsDevice(name)) return "has the name of a device in Windows";
        }

        // A backslash is a separator for Windows, where the same version may be restored.
        return path.Split('/', '\\').Contains("..") ? "leads out of the folder on Windows" : null;
    }

    /// <summary>Returns a file in whose place other entries have a folder; null if there is none.</summary>
    public static string? FileWithFiles(IReadOnlyList<FileEntry> entries)
    {
        var folders = Folders(entries, StringComparer.Ordinal);
        return folders.Count == 0 ? null : entries.Select(entry => entry.Path).FirstOrDefault(folders.Contains);
    }

    /// <summary>Returns the files that would be one on a system that ignores upper and lower case.</summary>
    public static IEnumerable<(string First, string Second)> Collisions(IEnumerable<FileEntry> entries)
    {
        // Folders too: a/x and A/y are in one folder there, and that is no loss. So only whole paths count.
        var seen = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in entries)
        {
            if (!seen.TryAdd(entry.Path, entry.Path)) yield return (seen[entry.Path], entry.Path);
        }

        foreach (string folder in Folders(seen.Keys.Select(path => new FileEntry(path, default)), StringComparer.OrdinalIgnoreCase))
        {
            if (seen.TryGetValue(folder, out string? file)) yield return (file, folder + "/");
        }
    }

    // All folders that files are in. Listings are ordered, so most files are in the folder of the one before.
    private static HashSet<string> Folders(IEnumerable<FileEntry> entries, StringComparer comparer)
    {
        var folders = new HashSet<string>(comparer);
        string last = "";
        foreach (var (path, _) in entries)
        {
            int end = path.LastIndexOf('/');
            if (end <= 0 || path.AsSpan(0, end).SequenceEqual(last)) continue;
            last = path[..end];
            for (string folder = last; folders.Add(folder) && folder.LastIndexOf('/') is > 0 and int up;) folder = folder[..up];
        }

        return folders;
    }

    // Windows and macOS take .GIT for .git, and git~1 is its short name on Windows.
    private static bool IsForeign(string name) =>
        name.Equals(".git", StringComparison.OrdinalIgnoreCase) || name.Equals(".dvc", StringComparison.OrdinalIgnoreCase)
        || (name.Length == 5 && (name.StartsWith("git~", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("dvc~", StringComparison.OrdinalIgnoreCase)));

    private static bool IsDrive(string path) =>
        path[0] == '\\' || (path.Length > 1 && path[1] == ':' && char.IsAsciiLetter(path[0]));

    private static bool IsDevice(string name)
    {
        string stem = name.Split('.')[0].TrimEnd();
        if (Devices.Contains(stem, StringComparer.OrdinalIgnoreCase)) return true;
        bool isNumbered = stem.Length == 4 && stem[3] is (>= '0' and <= '9') or '\u00b9' or '\u00b2' or '\u00b3';
        return isNumbered && Array.Exists(Numbered, start => stem.StartsWith(start, StringComparison.OrdinalIgnoreCase));
    }
}
