using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Datasets.Facts;
using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Datasets.Repairs;

/// <summary>What can be mended of a photo: how its pixels are stored. What it shows stays, pixel by pixel.</summary>
internal static class PhotoRepair
{
    /// <summary>The checks that find something of a photo which can be mended.</summary>
    public static IReadOnlyList<DatasetCheck> FindFixable(PhotoFacts? photo)
    {
        // Turned by EXIF it would lie in another way as a file: what its mask was drawn on could no longer be told.
        if (photo is not { Header: { Format: ImageFormat.Png, Orientation: 1 } header }) return [];
        return [.. Found()];

        IEnumerable<DatasetCheck> Found()
        {
            if (header.BitDepth == 16) yield return DatasetCheck.SixteenBit;
            if (header.IsPalette) yield return DatasetCheck.Palette;
        }
    }

    /// <summary>The photo as every reader of this module sees it, upright, without transparency, which nobody heeds.</summary>
    /// <exception cref="PhotoException">It cannot be read.</exception>
    public static Raster Mend(string path)
    {
        var photo = ImageReader.ReadPhoto(path);
        var pixels = photo.Pixels;
        for (int i = 3; i < pixels.Length; i += 4) pixels[i] = 255;
        return photo;
    }
}
