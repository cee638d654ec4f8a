using System.Runtime.InteropServices;
using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Datasets.Facts;
using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Datasets.Repairs;

/// <summary>Repairs of masks with only one possible correction. The result is grey and upright, with 0 and 255 only.</summary>
internal static class MaskRepair
{
    /// <summary>A size differs by rounding if by up to two pixels, at most 2 % of a side, or by up to 0.5 %.</summary>
    private const int MostPixels = 2;
    private const double MostOfSmallSide = 0.02, MostOfSide = 0.005;

    /// <summary>Returns the checks whose findings can be repaired; none if there are none, or if only a person can decide.</summary>
    /// <exception cref="PhotoException">The mask can no longer be read.</exception>
    public static IReadOnlyList<DatasetCheck> FindFixable(PairFacts facts)
    {
        if (facts.Mask is not { ColouredPixels: 0 } mask || (mask.OffPixels > 0 && !MaskChecks.IsRinging(mask))) return [];
        if (HidesOrientation(facts.Photo?.Header, mask.Header)) return [];
        if (mask.TransparentPixels > 0 && !IsPlain(facts.Pair.MaskPath)) return [];
        var found = new List<DatasetCheck>();
        if (mask.OffPixels > 0) found.Add(DatasetCheck.MaskJpeg);
        if (mask.Header.BitDepth == 16) found.Add(DatasetCheck.SixteenBit);
        if (mask.Header.IsPalette) found.Add(DatasetCheck.Palette);
        if (mask.TransparentPixels > 0) found.Add(DatasetCheck.MaskAlpha);
        if (facts.Photo is { Header: var photo } && !OrientationChecks.Fits(photo, mask.Header))
        {
            if (OrientationChecks.FitsStored(photo, mask.Header)) found.Add(DatasetCheck.MaskOrientation);
            else if (IsRounded(photo, mask.Header)) found.Add(DatasetCheck.SizeMismatch);
        }

        return found;
    }

    /// <summary>Returns the repaired mask.</summary>
    /// <param name="facts">The facts of the pair.</param>
    /// <param name="repairs">The result of <see cref="FindFixable"/>.</param>
    /// <exception cref="PhotoException">The mask cannot be read.</exception>
    public static Raster Apply(PairFacts facts, IReadOnlyList<DatasetCheck> repairs)
    {
        var mask = Binary(facts.Pair.MaskPath);
        if (repairs.Contains(DatasetCheck.MaskOrientation))
        {
            // Undo the rotation of the mask, then rotate it like the photo: it was drawn on the photo as stored.
            mask = ExifOrientation.ToUpright(mask, facts.Mask!.Header.Orientation switch { 6 => 8, 8 => 6, var same => same });
            return ExifOrientation.ToUpright(mask, facts.Photo!.Header.Orientation);
        }

        if (!repairs.Contains(DatasetCheck.SizeMismatch)) return mask;
        using (mask)
        {
            var photo = facts.Photo!.Header;
            var scaled = Raster.Rent(photo.Width, photo.Height, 1);
            NearestNeighbor.Scale(
                mask.Pixels, mask.Width, mask.Height, scaled.Pixels, scaled.Width, scaled.Height, Preprocessor.ForegroundThreshold, 255);
            return scaled;
        }
    }

    /// <summary>Reads a mask: 255 for foreground, 0 for background.</summary>
    /// <exception cref="PhotoException">The mask cannot be read.</exception>
    public static Raster Binary(string path)
    {
        var mask = ImageReader.ReadMask(path);
        foreach (ref byte value in mask.Pixels) value = (byte)(value >= Preprocessor.ForegroundThreshold ? 255 : 0);
        return mask;
    }

    /// <summary>
    /// Returns whether a repair would hide a possible error. A mask that is rotated by its own EXIF orientation and fits its photo both
    /// ways may be upside down. Saved again it has no orientation, and OrientationDiffers would not be reported any more.
    /// </summary>
    private static bool HidesOrientation(PhotoHeader? photo, PhotoHeader mask) =>
        mask.Orientation != 1
        && (photo is not { } header || (OrientationChecks.Fits(header, mask) && OrientationChecks.FitsStored(header, mask)));

    /// <summary>Returns whether colour and transparency agree: opaque white on fully transparent black.</summary>
    private static bool IsPlain(string path)
    {
        using var image = ImageReader.ReadPhoto(path);
        return !MemoryMarshal.Cast<byte, uint>(image.Pixels).ContainsAnyExcept(0u, uint.MaxValue);
    }

    private static bool IsRounded(PhotoHeader photo, PhotoHeader mask)
    {
        int wide = Math.Abs(mask.Width - photo.Width), high = Math.Abs(mask.Height - photo.Height);
        if (wide <= Few(photo.Width) && high <= Few(photo.Height)) return true;

        // Same shape: scaled to the photo's width, the mask's height differs by at most one pixel.
        double height = (double)mask.Height * photo.Width / mask.Width;
        return wide <= MostOfSide * photo.Width && high <= MostOfSide * photo.Height && Math.Abs(height - photo.Height) <= 1;

        static int Few(int side) => Math.Min(MostPixels, (int)(MostOfSmallSide * side));
    }
}
