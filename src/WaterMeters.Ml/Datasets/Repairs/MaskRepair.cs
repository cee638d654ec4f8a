using System.Runtime.InteropServices;
using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Datasets.Facts;
using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Datasets.Repairs;

/// <summary>What can be mended of a mask without asking anybody what was meant, and the mask as it is meant: grey, upright, 0 and 255.</summary>
internal static class MaskRepair
{
    /// <summary>A size is a slip of rounding up to two pixels, as far as these are 2 % of a side, or up to 0.5 %.</summary>
    private const int MostPixels = 2;
    private const double MostOfSmallSide = 0.02, MostOfSide = 0.005;

    /// <summary>The checks that find something of a mask which can be mended; none where it is sound, or where only a person knows what was meant.</summary>
    /// <exception cref="PhotoException">The mask can no longer be read.</exception>
    public static IReadOnlyList<DatasetCheck> FindFixable(PairFacts facts)
    {
        if (facts.Mask is not { ColouredPixels: 0 } mask || (mask.OffPixels > 0 && !MaskChecks.IsRinging(mask)) || HidesDoubt(facts.Photo?.Header, mask.Header)) return [];
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

    /// <summary>The mask as it is meant.</summary>
    /// <param name="facts">What was measured of the pair.</param>
    /// <param name="repairs">What <see cref="FindFixable"/> found.</param>
    /// <exception cref="PhotoException">The mask cannot be read.</exception>
    public static Raster Mend(PairFacts facts, IReadOnlyList<DatasetCheck> repairs)
    {
        var mask = Binary(facts.Pair.MaskPath);
        if (repairs.Contains(DatasetCheck.MaskOrientation))
        {
            // As it is stored, then as the photo is turned: it was drawn on the photo as that is stored.
            mask = ExifOrientation.Upright(mask, facts.Mask!.Header.Orientation switch { 6 => 8, 8 => 6, var same => same });
            return ExifOrientation.Upright(mask, facts.Photo!.Header.Orientation);
        }

        if (!repairs.Contains(DatasetCheck.SizeMismatch)) return mask;
        using (mask)
        {
            var photo = facts.Photo!.Header;
            var scaled = Raster.Rent(photo.Width, photo.Height, 1);
            NearestNeighbor.Scale(mask.Pixels, mask.Width, mask.Height, scaled.Pixels, scaled.Width, scaled.Height, Preprocessor.ForegroundThreshold, 255);
            return scaled;
        }
    }

    /// <summary>A mask, 255 where it is meter and 0 elsewhere.</summary>
    /// <exception cref="PhotoException">It cannot be read.</exception>
    public static Raster Binary(string path)
    {
        var mask = ImageReader.ReadMask(path);
        foreach (ref byte value in mask.Pixels) value = (byte)(value >= Preprocessor.ForegroundThreshold ? 255 : 0);
        return mask;
    }

    /// <summary>
    /// A mask that its own EXIF entry turns, and that fits its photo either way: written anew it has no such entry, and nobody would be
    /// asked any more whether it lies upside down.
    /// </summary>
    private static bool HidesDoubt(PhotoHeader? photo, PhotoHeader mask) =>
        mask.Orientation != 1 && (photo is not { } header || (OrientationChecks.Fits(header, mask) && OrientationChecks.FitsStored(header, mask)));

    /// <summary>Whether colour and transparency say the same: opaque white on black that is not there at all.</summary>
    private static bool IsPlain(string path)
    {
        using var image = ImageReader.ReadPhoto(path);
        return !MemoryMarshal.Cast<byte, uint>(image.Pixels).ContainsAnyExcept(0u, uint.MaxValue);
    }

    private static bool IsRounded(PhotoHeader photo, PhotoHeader mask)
    {
        int wide = Math.Abs(mask.Width - photo.Width), high = Math.Abs(mask.Height - photo.Height);
        if (wide <= Few(photo.Width) && high <= Few(photo.Height)) return true;

        // One shape: scaled to the photo's width, the mask's height is the photo's to a pixel.
        double height = (double)mask.Height * photo.Width / mask.Width;
        return wide <= MostOfSide * photo.Width && high <= MostOfSide * photo.Height && Math.Abs(height - photo.Height) <= 1;

        static int Few(int side) => Math.Min(MostPixels, (int)(MostOfSmallSide * side));
    }
}
