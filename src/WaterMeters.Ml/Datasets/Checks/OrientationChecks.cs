using WaterMeters.Ml.Datasets.Facts;
using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Datasets.Checks;

/// <summary>
/// Checks masks that fit their photos with and without the EXIF rotation, as with a half turn. Their sizes do not show whether the mask was
/// drawn on the upright photo, but the other pairs of the data set can: if masks of rotated photos fit the upright photo, and none fits
/// only the stored one, the program that drew the masks respects EXIF.
/// </summary>
internal static class OrientationChecks
{
    /// <summary>Checks the pairs of a data set.</summary>
    public static IEnumerable<CheckResult> Run(IReadOnlyList<PairFacts> pairs)
    {
        var differing = pairs
            .Where(p => p is { Photo: { } photo, Mask: { } mask } && photo.Header.Orientation != mask.Header.Orientation).ToList();
        bool upright = differing.Exists(p => Fits(p.Photo!.Header, p.Mask!.Header) && !FitsStored(p.Photo.Header, p.Mask.Header));
        bool stored = differing.Exists(p => !Fits(p.Photo!.Header, p.Mask!.Header) && FitsStored(p.Photo.Header, p.Mask.Header));
        if (upright && !stored) return [];
        return differing.Where(p => Fits(p.Photo!.Header, p.Mask!.Header) && FitsStored(p.Photo.Header, p.Mask.Header)).Select(Finding);
    }

    private static CheckResult Finding(PairFacts pair)
    {
        int mask = pair.Mask!.Header.Orientation, photo = pair.Photo!.Header.Orientation;
        string message = FormattableString.Invariant(
            $"The EXIF orientation of the mask is {mask}, that of its photo {photo} (1 is upright). ")
            + "The mask fits both ways, so it may be upside down. Check that it covers the digit window, and rotate it if it does not.";
        return new CheckResult(DatasetCheck.OrientationDiffers, pair.Pair.Name, pair.Pair.MaskPath, message, pair.Pair.ImagePath);
    }

    /// <summary>Returns whether photo and mask have the same size as a viewer shows them.</summary>
    public static bool Fits(PhotoHeader photo, PhotoHeader mask) => photo.Width == mask.Width && photo.Height == mask.Height;

    /// <summary>Returns whether photo and mask have the same size as they are stored.</summary>
    public static bool FitsStored(PhotoHeader photo, PhotoHeader mask) =>
        photo.StoredWidth == mask.StoredWidth && photo.StoredHeight == mask.StoredHeight;
}
