using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Datasets.Splits;

/// <summary>
/// The folder <c>split</c> of a data set. It holds the fractions, the split overrides, and the decisions made on the test part.
/// </summary>
public static class SplitFolder
{
    /// <summary>The name of the folder, beside images and masks.</summary>
    public const string Name = "split";

    /// <summary>The name of the file with the fractions.</summary>
    public const string FractionsFile = "fractions.json";

    /// <summary>The name of the folder with the split overrides.</summary>
    public const string OverridesFolder = "photos";

    /// <summary>Returns the folder with the decisions made on the test part. It may not exist.</summary>
    public static string DecisionsPathFor(string dataPath) => Path.Combine(PathFor(dataPath), "decisions");

    /// <summary>Returns whether a file, which need not exist, is in the split folder of a data set, also through a link.</summary>
    public static bool Contains(string path)
    {
        for (string? at = Path.GetDirectoryName(FileIdentity.Real(path)); at is not null; at = Path.GetDirectoryName(at))
        {
            bool isCalledSplit = Name.Equals(Path.GetFileName(at), StringComparison.OrdinalIgnoreCase);
            if (isCalledSplit && Directory.Exists(Path.Join(Path.GetDirectoryName(at), "images"))) return true;
        }

        return false;
    }

    /// <summary>Returns the split folder of a data set. It may not exist.</summary>
    public static string PathFor(string dataPath) => Path.Combine(dataPath, Name);
}
