using System.Globalization;
using System.Runtime.InteropServices;
using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Datasets.Facts;
using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Datasets.Repairs;

/// <summary>
/// Repairs of masks with only one possible correction. The result is grey and upright, with 0 and 255 only. What differs in the file
/// differs in the result: a mask of more values than two stays as it is, except for the grey that JPEG and lossy WebP add along edges.
/// </summary>
internal static class MaskRepair
{
    /// <summary>A size differs by rounding if by up to two pixels, at most 2 % of a side, or by up to 0.5 %.</summary>
    private const int MostPixels = 2;
    private const double MostOfSmallSide = 0.02, MostOfSide = 0.005;

    /// <summary>Returns the checks whose findings can be repaired; none if there are none, or if only a person can decide.</summary>
    /// <exception cref="PhotoException">The mask can no longer be read.</exception>
    public static RepairChoice Choose(PairFacts facts)
    {
        if (facts.Mask is not { ColouredPixels: 0 } mask || HidesOrientation(facts.Photo?.Header, mask.Header)) return RepairChoice.None;
        if (mask.Flaws.HasFlag(ImageFlaws.DamagedPixels)) return RepairChoice.None; // saved again, the damage could not be seen any more
        var found = Find(facts, mask);
        return found.Count == 0 ? RepairChoice.None : new RepairChoice(found, Refusal(mask, facts.Pair.MaskPath));
    }

    private static List<DatasetCheck> Find(PairFacts facts, MaskFacts mask)
    {
        var found = new List<DatasetCheck>();
        if (MaskChecks.HasLabels(mask)) found.Add(DatasetCheck.MaskLabels);
        else
        {
            if (mask.OffPixels > 0 && MaskChecks.IsRinging(mask)) found.Add(DatasetCheck.MaskJpeg);
            else if (mask.OffPixels > 0 && !mask.Header.IsLossy && mask.Values.AreTwo) found.Add(DatasetCheck.MaskNotBinary);
            if (mask.Header.BitDepth == 16) found.Add(DatasetCheck.SixteenBit);
            if (mask.Header.IsPalette) found.Add(DatasetCheck.Palette);
            if (mask.TransparentPixels > 0) found.Add(DatasetCheck.MaskAlpha);
        }

        if (facts.Photo is { Header: var photo } && !OrientationChecks.Fits(photo, mask.Header))
        {
            if (OrientationChecks.FitsStored(photo, mask.Header)) found.Add(DatasetCheck.MaskOrientation);
            else if (IsRounded(photo, mask.Header)) found.Add(DatasetCheck.SizeMismatch);
        }

        return found;
    }

    /// <summary>Returns why a mask must stay as it is; null if black and white keep everything that its file tells apart.</summary>
    private static string? Refusal(MaskFacts mask, string path)
    {
        const string Stays = "Not changed: ", Save = "Save it as a grey PNG with 255 for the digit window and 0 for everything else.";
        var values = mask.Values;
        string range = string.Create(CultureInfo.InvariantCulture, $"{values.Lowest} to {values.Highest}");
        if (mask.TransparentPixels > 0 && !IsPlain(path)) return $"{Stays}transparent pixels of the mask have a hidden colour. {Save}";
        if (mask.Header.IsLossy)
        {
            // Compression blurs label numbers into each other, so even two of them are not exact.
            bool isGrey = mask.OffPixels > 0 && (!MaskChecks.IsRinging(mask) || HasGreyArea(path));
            return mask.IsFlat && values.Count > 1
                ? $"{Stays}the mask is a {MaskChecks.LossyFormat(mask)} file with the values {range}, of which black and white keep "
                    + $"nothing. {Save}"
                : isGrey ? $"{Stays}areas of the mask are grey, between black and white. {Save}" : null;
        }

        bool isSeparated = !mask.IsFlat && mask.OffPixels == 0;
        return values.Count switch
        {
            1 => mask.ForegroundPixels == 0 && values.Lowest > 0
                ? string.Create(CultureInfo.InvariantCulture, $"{Stays}the mask holds only the value {values.Lowest}. {Save}")
                : null,
            2 => isSeparated || values.IsOrdered
                ? null
                : $"{Stays}it is unclear which of the two values of the mask, {range}, is the digit window. {Save}",
            _ => $"{Stays}the mask holds more than two values ({range}), of which black and white keep only two. {Save}",
        };
    }

    /// <summary>Returns the repaired mask.</summary>
    /// <param name="facts">The facts of the pair.</param>
    /// <param name="repairs">The repairs of <see cref="Choose"/>.</param>
    /// <exception cref="PhotoException">The mask cannot be read.</exception>
    public static Raster Apply(PairFacts facts, IReadOnlyList<DatasetCheck> repairs)
    {
        var mask = StoredMask.ReadBinary(facts.Pair.MaskPath);
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

    /// <summary>
    /// Returns whether a repair would hide a possible error. A mask that is rotated by its own EXIF orientation and fits its photo both
    /// ways may be upside down. Saved again it has no orientation, and OrientationDiffers would not be reported any more.
    /// </summary>
    private static bool HidesOrientation(PhotoHeader? photo, PhotoHeader mask) =>
        mask.Orientation != 1
        && (photo is not { } header || (OrientationChecks.Fits(header, mask) && OrientationChecks.FitsStored(header, mask)));

    /// <summary>
    /// Returns whether a lossy mask has an area that is neither black nor white, such as a second label. JPEG encodes blocks of 8 x 8
    /// pixels, and the grey that it adds is in blocks with an edge, which reach to both sides.
    /// </summary>
    private static bool HasGreyArea(string path)
    {
        const int Block = 8, Black = 16, White = 239;
        using var mask = ImageReader.ReadMask(path);
        for (int top = 0; top + Block <= mask.Height; top += Block)
        {
            for (int left = 0; left + Block <= mask.Width; left += Block)
            {
                if (IsGrey(mask, left, top)) return true;
            }
        }

        return false;

        static bool IsGrey(Raster mask, int left, int top)
        {
            for (int y = top; y < top + Block; y++)
            {
                if (mask.Pixels.Slice((y * mask.Width) + left, Block).ContainsAnyExceptInRange((byte)Black, (byte)White)) return false;
            }

            return true;
        }
    }

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
