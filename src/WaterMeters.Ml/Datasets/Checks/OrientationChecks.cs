using System.Globalization;
using WaterMeters.Ml.Datasets.Facts;
using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Datasets.Checks;

/// <summary>
/// Masks that fit their photos whether EXIF turns them or not, as with a half turn: the sizes do not tell whether the mask was drawn on
/// the upright photo. The other pairs of the set do: where masks of photos on their side fit the upright ones, and none the stored ones,
/// the program that drew them heeds EXIF.
/// </summary>
internal static class OrientationChecks
{
    /// <summary>All that is found in a set.</summary>
    public static IEnumerable<CheckResult> Run(IReadOnlyList<PairFacts> pairs)
    {
        var differing = pairs.Where(p => p is { Photo: { } photo, Mask: { } mask } && photo.Header.Orientation != mask.Header.Orientation).ToList();
        bool upright = differing.Exists(p => Fits(p.Photo!.Header, p.Mask!.Header) && !FitsStored(p.Photo.Header, p.Mask.Header));
        bool stored = differing.Exists(p => !Fits(p.Photo!.Header, p.Mask!.Header) && FitsStored(p.Photo.Header, p.Mask.Header));
        if (upright && !stored) return [];
        return differing.Where(p => Fits(p.Photo!.Header, p.Mask!.Header) && FitsStored(p.Photo.Header, p.Mask.Header)).Select(p => new CheckResult(
            DatasetCheck.OrientationDiffers,
            p.Pair.Name,
            p.Pair.MaskPath,
            string.Create(CultureInfo.InvariantCulture, $"The EXIF orientation of the mask is {p.Mask!.Header.Orientation}, that of its photo {p.Photo!.Header.Orientation} (1 is none), and it fits either way. Look whether it lies on the window; a program that ignores EXIF drew it turned."),
            p.Pair.ImagePath));
    }

    /// <summary>Whether both have one size as a viewer shows them.</summary>
    public static bool Fits(PhotoHeader photo, PhotoHeader mask) => photo.Width == mask.Width && photo.Height == mask.Height;

    /// <summary>Whether both have one size as they are stored.</summary>
    public static bool FitsStored(PhotoHeader photo, PhotoHeader mask) => photo.StoredWidth == mask.StoredWidth && photo.StoredHeight == mask.StoredHeight;
}
