using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Tests.Datasets;

/// <summary>What lies in a folder: every file, by its path relative to it.</summary>
internal static class FolderContents
{
    /// <summary>The files and their hashes.</summary>
    public static SortedDictionary<string, string> Of(string folder) => Of(folder, FileHash.Compute);

    /// <summary>The files and when they were written.</summary>
    public static SortedDictionary<string, DateTime> Times(string folder) => Of(folder, File.GetLastWriteTimeUtc);

    public static void Copy(string from, string to)
    {
        foreach (string file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            string path = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Copy(file, path);
        }
    }

    private static SortedDictionary<string, T> Of<T>(string folder, Func<string, T> value) =>
        new(Directory.GetFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(file => Path.GetRelativePath(folder, file).Replace('\\', '/'), value), StringComparer.Ordinal);
}
