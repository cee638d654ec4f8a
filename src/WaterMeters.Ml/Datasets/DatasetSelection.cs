using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Datasets;

/// <summary>A data set to check, as a whole or some pairs of it.</summary>
/// <param name="DataPath">The folder; or a file that is in no data set.</param>
/// <param name="Files">Photos and masks whose pairs to check; null for all.</param>
public sealed record DatasetSelection(string DataPath, IReadOnlyCollection<string>? Files)
{
    private static readonly string[] Folders = ["images", "masks"];

    /// <summary>
    /// Groups folders and files by data set, each named once. A photo or mask selects its pair; any other file in a data set, such as one
    /// in its folder split, selects the data set and no pair. A data set of which the folder is named is checked as a whole.
    /// </summary>
    /// <param name="paths">Absolute paths.</param>
    public static IReadOnlyList<DatasetSelection> From(IEnumerable<string> paths)
    {
        var found = new List<(string DataPath, string? File)>();
        foreach (string path in paths)
        {
            string? root = File.Exists(path) ? RootOf(path) : null;
            found.Add(root is null ? (path, null) : (root, path));
        }

        return
        [
            .. found.GroupBy(one => one.DataPath, SystemPaths.Comparer).Select(group => new DatasetSelection(
                group.Key, group.Any(one => one.File is null) ? null : [.. group.Select(one => one.File!).Distinct(SystemPaths.Comparer)])),
        ];
    }

    /// <summary>Returns the data set that a file is in; null when it is in none.</summary>
    private static string? RootOf(string file)
    {
        string? folder = Path.GetDirectoryName(file);
        if (folder is null) return null;
        if (Folders.Contains(Path.GetFileName(folder), StringComparer.OrdinalIgnoreCase)) return Path.GetDirectoryName(folder);
        for (string? at = folder; at is not null; at = Path.GetDirectoryName(at))
        {
            string? root = Path.GetDirectoryName(at);
            bool isSplit = string.Equals(Path.GetFileName(at), Splits, StringComparison.OrdinalIgnoreCase);
            if (isSplit && root is not null && Path.Exists(Path.Combine(root, Folders[0]))) return root;
        }

        return null;
    }

    private const string Splits = "split";
}
