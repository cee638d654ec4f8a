using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Datasets.Facts;
using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Datasets.Repairs;

/// <summary>Repairs of photos: only the storage format changes, not the pixels.</summary>
internal static class PhotoRepair
{
    /// <summary>Returns the checks whose findings can be repaired.</summary>
    public static IReadOnlyList<DatasetCheck> FindFixable(PhotoFacts? photo)
    {
        // A photo with an EXIF orientation would be stored rotated, and it would be unknown which version its mask was drawn on.
        if (photo is not { Header: { Format: ImageFormat.Png, Orientation: 1 } header }) return [];
        return [.. Fixable()];

        IEnumerable<DatasetCheck> Fixable()
        {
            if (header.BitDepth == 16) yield return DatasetCheck.SixteenBit;
            if (header.IsPalette) yield return DatasetCheck.Palette;
        }
    }

    /// <summary>Returns the photo as this module reads it: upright, without transparency, which is ignored.</summary>
    /// <exception cref="PhotoException">The photo cannot be read.</exception>
    public static Raster Apply(string path)
    {
        var photo = ImageReader.ReadPhoto(path);
        var pixels = photo.Pixels;
        for (int i = 3; i < pixels.Length; i += 4) pixels[i] = 255;
        return photo;
    }
}
