using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Datasets.Reports;

/// <summary>Makes the small pictures that show what a finding is about. Safe for many threads; a file that cannot be read is said in its place.</summary>
internal sealed class FindingPictures
{
    private const int Side = 240;
    private const int Quality = 72;
    private readonly PairLookup pairs = new();

    /// <summary>The photo with the outline of its mask, the mask, and the same of the other pair where the finding is about two.</summary>
    public IReadOnlyList<FindingPicture> Of(DatasetFinding finding)
    {
        var pictures = new List<FindingPicture>();
        if (finding.Name.Length == 0) return pictures; // about the whole set
        var (photo, mask) = pairs.Of(finding.Path);
        Add(pictures, photo, mask, "Photo", "Mask");
        if (finding.OtherPath is { } path && pairs.Of(path) is var other && other != (photo, mask))
        {
            Add(pictures, other.Photo, other.Mask, "Other photo", "Its mask");
        }

        return pictures;
    }

    private static void Add(List<FindingPicture> pictures, string? photoPath, string? maskPath, string photoCaption, string maskCaption)
    {
        using var mask = Read(maskPath, ImageReader.ReadMask);
        if (photoPath is not null)
        {
            using var photo = Read(photoPath, ImageReader.ReadPhoto);
            if (photo is null) pictures.Add(FindingPicture.Missing(photoCaption));
            else pictures.Add(Outlined(photo, mask, photoCaption));
        }

        if (mask is not null)
        {
            using var small = PhotoThumbnail.Of(mask, Side);
            pictures.Add(Of(small, maskCaption));
        }
        else if (maskPath is not null)
        {
            pictures.Add(FindingPicture.Missing(maskCaption));
        }
    }

    /// <summary>A mask of another size than its photo fits nowhere on it, and is not drawn.</summary>
    private static FindingPicture Outlined(Raster photo, Raster? mask, string caption)
    {
        using var small = PhotoThumbnail.Of(photo, Side);
        if (mask is null || mask.Width != photo.Width || mask.Height != photo.Height) return Of(small, caption);
        using var outline = Raster.Rent(small.Width, small.Height, 1);
        Nearest.Scale(mask.Pixels, mask.Width, mask.Height, outline.Pixels, small.Width, small.Height, Preprocessor.MeterFrom, 255);
        Overlay.Draw(small, outline.Pixels);
        return Of(small, caption);
    }

    private static FindingPicture Of(Raster small, string caption) => new(caption, ImageWriter.Jpeg(small, Quality), small.Width, small.Height);

    private static Raster? Read(string? path, Func<string, Raster> read)
    {
        if (path is null) return null;
        try
        {
            return read(path);
        }
        catch (PhotoException)
        {
            return null; // which is what the finding says, or another one
        }
    }
}
