namespace WaterMeters.Ops.Jobs;

/// <summary>Names in a job's objects, which are relative to its folder and have <c>/</c> between their parts.</summary>
internal static class JobFolder
{
    /// <summary>Returns the path of a name in a folder; null if it leads out of it.</summary>
    public static string? Inside(string folder, string name)
    {
        string root = Path.GetFullPath(folder);
        string path = Path.GetFullPath(Path.Combine(root, name.Replace('/', Path.DirectorySeparatorChar)));
        return path.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? path : null;
    }

    /// <summary>Returns the name of a file in a folder.</summary>
    public static string NameOf(string folder, string path) =>
        Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/');
}
