using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Reporting.DatasetReports;

/// <summary>Creates the thumbnails of a finding; thread-safe. A file that cannot be read gets a placeholder.</summary>
internal sealed class FindingImages
{
    private const int Side = 240;
    private const int Quality = 72;
    private readonly PairLookup pairs = new();

    /// <summary>Returns the photo with the outline of its mask, the mask, and the same for the second pair of the finding.</summary>
    public IReadOnlyList<FindingImage> Create(DatasetFinding finding)
    {
        var images = new List<FindingImage>();
        if (finding.Name.Length == 0) return images; // about the whole data set
        var (photo, mask) = pairs.Find(finding.Path);
        Add(images, photo, mask, "Photo", "Mask");
        if (finding.OtherPath is { } path && pairs.Find(path) is var other && other != (photo, mask))
        {
            Add(images, other.Photo, other.Mask, "Other photo", "Its mask");
        }

        return images;
    }

    private static void Add(List<FindingImage> images, string? photoPath, string? maskPath, string photoCaption, string maskCaption)
    {
        using var mask = Read(maskPath, ImageReader.ReadMask);
        if (photoPath is not null)
        {
            using var photo = Read(photoPath, path => ImageReader.DecodePhoto(path, findsFlaws: false).Image);
            if (photo is null) images.Add(FindingImage.Missing(photoCaption));
            else images.Add(Outlined(photo, mask, photoCaption));
        }

        if (mask is not null)
        {
            using var small = PhotoThumbnail.Create(mask, Side);
            images.Add(Create(small, maskCaption));
        }
        else if (maskPath is not null)
        {
            images.Add(FindingImage.Missing(maskCaption));
        }
    }

    /// <summary>Draws the outline of the mask on the photo; a mask of another size does not fit and is left out.</summary>
    private static FindingImage Outlined(Raster photo, Raster? mask, string caption)
    {
        using var small = PhotoThumbnail.Create(photo, Side);
        if (mask is null || !Fits(mask, photo)) return Create(small, caption);
        using var outline = Raster.Rent(small.Width, small.Height, 1);
        NearestNeighbor.Scale(
            mask.Pixels, mask.Width, mask.Height, outline.Pixels, small.Width, small.Height, Preprocessor.ForegroundThreshold, 255);
        Overlay.Draw(small, outline.Pixels);
        return Create(small, caption);
    }

    /// <summary>Returns whether the sizes are equal; a very large photo is decoded at half its size.</summary>
    private static bool Fits(Raster mask, Raster photo) =>
        (mask.Width == photo.Width && mask.Height == photo.Height)
        || ((long)mask.Width * mask.Height > ImageReader.MaxWholePixels
            && (mask.Width + 1) / 2 == photo.Width && (mask.Height + 1) / 2 == photo.Height);

    private static FindingImage Create(Raster small, string caption) =>
        new(caption, ImageWriter.EncodeJpeg(small, Quality), small.Width, small.Height);

    private static Raster? Read(string? path, Func<string, Raster> read)
    {
        if (path is null) return null;
        try
        {
            return read(path);
        }
        catch (PhotoException)
        {
            return null; // reported by this finding or another one
        }
    }
}

/// <summary>A thumbnail of a finding, or a placeholder for one.</summary>
/// <param name="Caption">Caption of the image.</param>
/// <param name="Jpeg">A small JPEG file; empty when the image cannot be read.</param>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
internal sealed record FindingImage(string Caption, byte[] Jpeg, int Width, int Height)
{
    /// <summary>Creates the placeholder of an image that cannot be read.</summary>
    public static FindingImage Missing(string caption) => new(caption, [], 0, 0);
}
