using WaterMeters.Ml.Datasets.Splits;

namespace WaterMeters.Ml.Datasets.Merging;

/// <summary>The destination of a merge: its pairs, its stored split, and the names in use.</summary>
internal sealed class MergeTarget
{
    private const string Images = "images", Masks = "masks";

    private readonly ILookup<string, string> imagesByName, masksByName;
    private readonly HashSet<string> reserved = new(PairName.Comparer);

    private MergeTarget(string dataPath, DatasetListing? listing)
    {
        DataPath = dataPath;
        ImageFolder = listing is null ? Path.Combine(dataPath, Images) : DatasetListing.Subfolder(dataPath, Images);
        MaskFolder = listing is null ? Path.Combine(dataPath, Masks) : DatasetListing.Subfolder(dataPath, Masks);
        Listing = listing;
        imagesByName = ByName(ImageFolder);
        masksByName = ByName(MaskFolder);
        Store = SplitStore.Read(dataPath);

        ILookup<string, string> ByName(string folder) => (listing is null ? [] : DatasetListing.ListPhotos(folder))
            .ToLookup(PairName.Of, PairName.Comparer);
    }

    /// <summary>The folder.</summary>
    public string DataPath { get; }

    /// <summary>The folder of its photos.</summary>
    public string ImageFolder { get; }

    /// <summary>The folder of its masks.</summary>
    public string MaskFolder { get; }

    /// <summary>The existing files; null for a new or empty folder.</summary>
    public DatasetListing? Listing { get; }

    /// <summary>The stored split.</summary>
    public SplitStore Store { get; }

    /// <summary>Lists the destination. A folder that does not exist or contains no file is a data set without photos.</summary>
    /// <exception cref="DatasetException">The folder is not a data set, or cannot be read.</exception>
    public static MergeTarget Read(string dataPath) => new(dataPath, IsEmpty(dataPath) ? null : DatasetListing.Read(dataPath));

    /// <summary>
    /// Returns the file that has the name of a pair already, or null. A file of the pair itself, which an interrupted merge may have left,
    /// does not count.
    /// </summary>
    /// <param name="name">The name that the pair is to have.</param>
    /// <param name="pair">The files of the pair in the source.</param>
    public string? FindConflict(string name, SamplePair pair)
    {
        string key = PairName.Normalize(name);
        if (reserved.Contains(key)) return ImagePath(name, pair);
        return imagesByName[key].FirstOrDefault(path => !IsCopyOf(path, ImagePath(name, pair), pair.ImagePath))
            ?? masksByName[key].FirstOrDefault(path => !IsCopyOf(path, MaskPath(name, pair), pair.MaskPath));
    }

    /// <summary>Reserves a name for a pair.</summary>
    public void Reserve(string name) => reserved.Add(PairName.Normalize(name));

    /// <summary>Returns the destination of a pair's photo.</summary>
    public string ImagePath(string name, SamplePair pair) => Path.Combine(ImageFolder, name + Path.GetExtension(pair.ImagePath));

    /// <summary>Returns the destination of a pair's mask. It gets the name of the photo, also in upper and lower case.</summary>
    public string MaskPath(string name, SamplePair pair) => Path.Combine(MaskFolder, name + Path.GetExtension(pair.MaskPath));

    private static bool IsCopyOf(string existing, string target, string source) =>
        existing == target && MaskComparer.IsSameFile(existing, source);

    private static bool IsEmpty(string dataPath)
    {
        try
        {
            return !Path.Exists(dataPath)
                || (Directory.Exists(dataPath) && !Directory.EnumerateFiles(dataPath, "*", SearchOption.AllDirectories).Any());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DatasetListing.CannotList(dataPath, e);
        }
    }
}
