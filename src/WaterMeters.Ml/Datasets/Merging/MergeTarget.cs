using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Datasets.Merging;

/// <summary>The data set that others join: what is there, which photos, and which names are taken.</summary>
internal sealed class MergeTarget
{
    private const string Images = "images", Masks = "masks";

    private readonly ILookup<string, string> imagesByName, masksByName;
    private readonly HashSet<string> planned = new(StringComparer.OrdinalIgnoreCase);

    private MergeTarget(string dataPath, DatasetListing? listing)
    {
        DataPath = dataPath;
        ImageFolder = listing is null ? Path.Combine(dataPath, Images) : DatasetListing.Subfolder(dataPath, Images);
        MaskFolder = listing is null ? Path.Combine(dataPath, Masks) : DatasetListing.Subfolder(dataPath, Masks);
        Listing = listing;
        imagesByName = ByName(ImageFolder);
        masksByName = ByName(MaskFolder);
        Store = SplitStore.Read(dataPath);

        ILookup<string, string> ByName(string folder) =>
            (listing is null ? [] : DatasetListing.Photos(folder)).ToLookup(path => Path.GetFileNameWithoutExtension(path), StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The folder.</summary>
    public string DataPath { get; }

    /// <summary>The folder of its photos.</summary>
    public string ImageFolder { get; }

    /// <summary>The folder of its masks.</summary>
    public string MaskFolder { get; }

    /// <summary>What is there; null where nothing is.</summary>
    public DatasetListing? Listing { get; }

    /// <summary>What is stored of their places.</summary>
    public SplitStore Store { get; }

    /// <summary>Lists a data set; a folder that is not there, or in which there is no file, is one without photos.</summary>
    /// <exception cref="DatasetException">It is something else than a data set, or cannot be read.</exception>
    public static MergeTarget Read(string dataPath) => new(dataPath, IsEmpty(dataPath) ? null : DatasetListing.Read(dataPath));

    /// <summary>
    /// What has the name of a pair already; null when nothing has. Half of the pair itself, as a merge that was broken off leaves it, is
    /// nothing.
    /// </summary>
    /// <param name="name">The name that the pair is to have.</param>
    /// <param name="pair">The pair as it is.</param>
    public string? TakenBy(string name, SamplePair pair)
    {
        if (planned.Contains(name)) return ImagePath(name, pair);
        return imagesByName[name].FirstOrDefault(path => !IsHalf(path, ImagePath(name, pair), pair.ImagePath))
            ?? masksByName[name].FirstOrDefault(path => !IsHalf(path, MaskPath(name, pair), pair.MaskPath));
    }

    /// <summary>Takes a name for a pair.</summary>
    public void Take(string name) => planned.Add(name);

    /// <summary>Where a pair's photo goes.</summary>
    public string ImagePath(string name, SamplePair pair) => Path.Combine(ImageFolder, name + Path.GetExtension(pair.ImagePath));

    /// <summary>Where a pair's mask goes. Its name may differ from the photo's in upper and lower case; that is put right.</summary>
    public string MaskPath(string name, SamplePair pair) => Path.Combine(MaskFolder, name + Path.GetExtension(pair.MaskPath));

    private static bool IsHalf(string there, string target, string source) => there == target && MaskComparer.IsSameFile(there, source);

    private static bool IsEmpty(string dataPath)
    {
        try
        {
            return !Path.Exists(dataPath) || (Directory.Exists(dataPath) && !Directory.EnumerateFiles(dataPath, "*", SearchOption.AllDirectories).Any());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException(dataPath, $"The folder '{dataPath}' cannot be listed: {e.Sentence()} Change its permissions, or name another folder.", e);
        }
    }
}
