using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Datasets;

/// <summary>What lies in a data set's folder: <c>images/</c> and <c>masks/</c>, paired by file name without extension, in any case.</summary>
public sealed class DatasetListing
{
    private static readonly string[] PhotoExtensions = [".jpg", ".jpeg", ".png"];

    /// <summary>The folder.</summary>
    public required string DataPath { get; init; }

    /// <summary>Pairs of one photo and one mask, by name.</summary>
    public required IReadOnlyList<SamplePair> Pairs { get; init; }

    /// <summary>Photos without a mask.</summary>
    public required IReadOnlyList<string> PhotosWithoutMask { get; init; }

    /// <summary>Masks without a photo.</summary>
    public required IReadOnlyList<string> MasksWithoutPhoto { get; init; }

    /// <summary>Files in one folder that share a name: only the first of them can be paired.</summary>
    public required IReadOnlyList<IReadOnlyList<string>> DuplicateNames { get; init; }

    /// <summary>Photos found.</summary>
    public required int ImageCount { get; init; }

    /// <summary>Masks found.</summary>
    public required int MaskCount { get; init; }

    /// <summary>Lists a data set.</summary>
    /// <exception cref="DatasetException">The folder, or images or masks in it, is not there or cannot be listed.</exception>
    public static DatasetListing Read(string dataPath)
    {
        if (File.Exists(dataPath)) throw new DatasetException(dataPath, $"'{dataPath}' is a file. A data set is a folder with photos in 'images' and their masks in 'masks': name that folder.");
        if (!Directory.Exists(dataPath)) throw new DatasetException(dataPath, $"There is no folder '{dataPath}'. Check the path, or draw a sample set with New-WmsSampleDataset.");
        string[] images = Photos(Subfolder(dataPath, "images")), masks = Photos(Subfolder(dataPath, "masks"));

        var duplicates = new List<IReadOnlyList<string>>();
        var imagesByName = ByName(images, duplicates);
        var masksByName = ByName(masks, duplicates);
        return new DatasetListing
        {
            DataPath = dataPath,
            ImageCount = images.Length,
            MaskCount = masks.Length,
            Pairs =
            [
                .. from image in imagesByName
                   where masksByName.ContainsKey(image.Key)
                   select new SamplePair(Path.GetFileNameWithoutExtension(image.Value), image.Value, masksByName[image.Key]),
            ],
            PhotosWithoutMask = [.. from image in imagesByName where !masksByName.ContainsKey(image.Key) select image.Value],
            MasksWithoutPhoto = [.. from mask in masksByName where !imagesByName.ContainsKey(mask.Key) select mask.Value],
            DuplicateNames = duplicates,
        };
    }

    /// <summary>Whether a file has an extension that a photo may have.</summary>
    public static bool IsPhotoName(string path) => PhotoExtensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>The photos in a folder, by name; the order is the same on every system.</summary>
    /// <exception cref="DatasetException">The folder cannot be listed.</exception>
    public static string[] Photos(string folder) =>
        [.. Listed(folder, Directory.GetFiles).Where(IsPhotoName).OrderBy(Path.GetFileName, StringComparer.OrdinalIgnoreCase).ThenBy(path => path, StringComparer.Ordinal)];

    private static string[] Listed(string folder, Func<string, string[]> list)
    {
        try
        {
            return list(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException(folder, $"The folder '{folder}' cannot be listed: {e.Sentence()} Change its permissions, or name another folder.", e);
        }
    }

    /// <summary>A data set's folder <c>images</c> or <c>masks</c>, in any case.</summary>
    /// <exception cref="DatasetException">It is not there.</exception>
    internal static string Subfolder(string dataPath, string name) =>
        Listed(dataPath, Directory.GetDirectories).FirstOrDefault(d => string.Equals(Path.GetFileName(d), name, StringComparison.OrdinalIgnoreCase))
        ?? throw new DatasetException(dataPath, $"'{dataPath}' has no folder '{name}'. Put photos into 'images' and their masks, under the same names, into 'masks'.");

    private static SortedDictionary<string, string> ByName(string[] files, List<IReadOnlyList<string>> duplicates)
    {
        var first = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var group in files.GroupBy(Path.GetFileNameWithoutExtension, StringComparer.OrdinalIgnoreCase))
        {
            first.Add(group.Key!, group.First());
            if (group.Count() > 1) duplicates.Add([.. group]);
        }

        return first;
    }
}
