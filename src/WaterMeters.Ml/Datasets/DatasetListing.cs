using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Datasets;

/// <summary>
/// The files of a data set: <c>images/</c> and <c>masks/</c>, paired by file name without extension, in any case and Unicode form.
/// </summary>
public sealed class DatasetListing
{
    /// <summary>The folder.</summary>
    public required string DataPath { get; init; }

    /// <summary>The pairs, ordered by name.</summary>
    public required IReadOnlyList<SamplePair> Pairs { get; init; }

    /// <summary>Photos without a mask.</summary>
    public required IReadOnlyList<string> PhotosWithoutMask { get; init; }

    /// <summary>Masks without a photo.</summary>
    public required IReadOnlyList<string> MasksWithoutPhoto { get; init; }

    /// <summary>Groups of files in one folder that have the same name; only the first of each group can be paired.</summary>
    public required IReadOnlyList<IReadOnlyList<string>> DuplicateNames { get; init; }

    /// <summary>The folder of the photos, with the files that were left out.</summary>
    public required PhotoFolder ImageFolder { get; init; }

    /// <summary>The folder of the masks, with the files that were left out.</summary>
    public required PhotoFolder MaskFolder { get; init; }

    /// <summary>One line for each of the two folders in which files were left out: how many, and which.</summary>
    public IReadOnlyList<string> LeftOut => [.. new[] { ImageFolder.LeftOut, MaskFolder.LeftOut }.OfType<string>()];

    /// <summary>Number of photos.</summary>
    public required int ImageCount { get; init; }

    /// <summary>Number of masks.</summary>
    public required int MaskCount { get; init; }

    /// <summary>Whether these are some pairs of the data set only.</summary>
    public bool IsPartial { get; private init; }

    /// <summary>Lists a data set.</summary>
    /// <exception cref="DatasetException">The folder, or images or masks in it, does not exist or cannot be listed.</exception>
    public static DatasetListing Read(string dataPath)
    {
        if (File.Exists(dataPath))
        {
            throw new DatasetException(
                dataPath,
                $"'{dataPath}' is a file, but a data set is a folder with photos in 'images' and their masks in 'masks'. "
                    + "Name that folder.");
        }

        if (!Directory.Exists(dataPath))
        {
            throw new DatasetException(
                dataPath,
                $"The folder '{dataPath}' does not exist. "
                    + "Check the path, or create a sample data set with New-WmsSampleDataset.",
                new DirectoryNotFoundException());
        }

        var imageFolder = PhotoFolder.List(Subfolder(dataPath, "images"));
        var maskFolder = PhotoFolder.List(Subfolder(dataPath, "masks"));
        string[] images = imageFolder.Photos, masks = maskFolder.Photos;
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
            ImageFolder = imageFolder,
            MaskFolder = maskFolder,
        };
    }

    /// <summary>Returns the listing with only the pairs of some files, found by the photo or by the mask.</summary>
    /// <param name="files">Photos and masks of this data set; other files in it select nothing.</param>
    internal DatasetListing Only(IEnumerable<string> files)
    {
        var names = files.Select(PairName.Of).ToHashSet(PairName.Comparer);
        bool IsChosen(string path) => names.Contains(PairName.Of(path));
        SamplePair[] pairs = [.. Pairs.Where(pair => IsChosen(pair.ImagePath))];
        string[] photos = [.. PhotosWithoutMask.Where(IsChosen)], masks = [.. MasksWithoutPhoto.Where(IsChosen)];
        var duplicates = DuplicateNames.Where(group => IsChosen(group[0])).ToList();
        string images = Subfolder(DataPath, "images");
        int further = duplicates.Sum(group => group.Count - 1);
        int furtherPhotos = duplicates.Where(group => Path.GetDirectoryName(group[0]) == images).Sum(group => group.Count - 1);
        return new DatasetListing
        {
            DataPath = DataPath,
            Pairs = pairs,
            PhotosWithoutMask = photos,
            MasksWithoutPhoto = masks,
            DuplicateNames = duplicates,
            ImageCount = pairs.Length + photos.Length + furtherPhotos,
            MaskCount = pairs.Length + masks.Length + further - furtherPhotos,
            ImageFolder = ImageFolder,
            MaskFolder = MaskFolder,
            IsPartial = true,
        };
    }

    /// <summary>Returns <see cref="LeftOut"/> of a data set; nothing if the folder cannot be listed.</summary>
    public static IReadOnlyList<string> LeftOutIn(string dataPath)
    {
        try
        {
            return Read(dataPath).LeftOut;
        }
        catch (DatasetException)
        {
            return []; // reading it fails too, and says why
        }
    }

    /// <summary>Returns whether a file has the extension of a photo.</summary>
    public static bool IsPhotoName(string path) => PhotoFolder.IsPhotoName(path);

    /// <summary>Lists the photos in a folder, ordered by name, without hidden and temporary files.</summary>
    /// <exception cref="DatasetException">The folder cannot be listed.</exception>
    public static string[] ListPhotos(string folder) => PhotoFolder.List(folder).Photos;

    /// <summary>Creates the error for a folder that cannot be listed.</summary>
    internal static DatasetException CannotList(string folder, Exception fault) => new(
        folder, $"Cannot list the folder '{folder}': {fault.Sentence()} Check its permissions, or choose another folder.", fault);

    /// <summary>Creates the error for a data set without pairs.</summary>
    internal DatasetException NoPairs() => new(
        DataPath,
        $"'{DataPath}' has {ImageCount} photos and {MaskCount} masks, but no pair of the same name. "
            + $"Run Test-WmsDataset '{DataPath}' -PerFinding for details.");

    /// <summary>Returns the folder <c>images</c> or <c>masks</c> of a data set, in any case.</summary>
    /// <exception cref="DatasetException">The folder does not exist.</exception>
    internal static string Subfolder(string dataPath, string name) =>
        List(dataPath, Directory.GetDirectories)
            .FirstOrDefault(d => string.Equals(Path.GetFileName(d), name, StringComparison.OrdinalIgnoreCase))
        ?? throw new DatasetException(
            dataPath,
            $"'{dataPath}' has no folder '{name}'. Put photos into 'images', and their masks with the same names into 'masks'.");

    private static string[] List(string folder, Func<string, string[]> list)
    {
        try
        {
            return list(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CannotList(folder, e);
        }
    }

    private static SortedDictionary<string, string> ByName(string[] files, List<IReadOnlyList<string>> duplicates)
    {
        var first = new SortedDictionary<string, string>(PairName.Comparer);
        foreach (var group in files.GroupBy(PairName.Of, PairName.Comparer))
        {
            first.Add(group.Key, group.First());
            if (group.Count() > 1) duplicates.Add([.. group]);
        }

        return first;
    }
}
