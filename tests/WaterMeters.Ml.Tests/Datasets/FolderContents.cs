using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Tests.Datasets;

/// <summary>All files in a folder, by their relative paths.</summary>
internal static class FolderContents
{
    /// <summary>Returns the files and their hashes.</summary>
    public static SortedDictionary<string, string> Hashes(string folder) => Read(folder, FileHash.Compute);

    /// <summary>Returns the files and their write times.</summary>
    public static SortedDictionary<string, DateTime> Times(string folder) => Read(folder, File.GetLastWriteTimeUtc);

    /// <summary>Copies a folder; only the files that <paramref name="select"/> accepts, if it is given.</summary>
    public static void Copy(string from, string to, Func<string, bool>? select = null)
    {
        foreach (string file in Directory.GetFiles(from, "*", SearchOption.AllDirectories).Where(select ?? (_ => true)))
        {
            string path = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Copy(file, path);
        }
    }

    private static SortedDictionary<string, T> Read<T>(string folder, Func<string, T> value) =>
        new(
            Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
                .ToDictionary(file => Path.GetRelativePath(folder, file).Replace('\\', '/'), value),
            StringComparer.Ordinal);
}
