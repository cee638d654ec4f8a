using WaterMeters.Ml.Datasets;

namespace WaterMeters.Ml.Reporting.DatasetReports;

/// <summary>Finds the pair that a photo or mask belongs to, as a finding names only one file; thread-safe.</summary>
internal sealed class PairLookup
{
    private readonly Dictionary<string, Dictionary<string, SamplePair>> folders = new(StringComparer.Ordinal);

    /// <summary>Returns photo and mask of the pair that a file belongs to; null for a file that is missing.</summary>
    public (string? Photo, string? Mask) Find(string path)
    {
        string? folder = Path.GetDirectoryName(path), root = Path.GetDirectoryName(folder);
        if (root is null || Path.GetFileName(path).Length == 0) return default;
        bool isMask = string.Equals(Path.GetFileName(folder), "masks", StringComparison.OrdinalIgnoreCase);
        if (!isMask && !string.Equals(Path.GetFileName(folder), "images", StringComparison.OrdinalIgnoreCase)) return default;
        if (Pairs(root).TryGetValue(path, out var pair)) return (pair.ImagePath, pair.MaskPath);
        return isMask ? (null, path) : (path, null);
    }

    private Dictionary<string, SamplePair> Pairs(string root)
    {
        lock (folders)
        {
            if (folders.TryGetValue(root, out var known)) return known;
            var pairs = new Dictionary<string, SamplePair>(StringComparer.Ordinal);
            try
            {
                foreach (var pair in DatasetListing.Read(root).Pairs) pairs[pair.ImagePath] = pairs[pair.MaskPath] = pair;
            }
            catch (DatasetException)
            {
                // The folder has disappeared since the check. Each of its files gets a placeholder.
            }

            folders.Add(root, pairs);
            return pairs;
        }
    }
}
