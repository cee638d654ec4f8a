using System.Globalization;
using WaterMeters.Ml.Datasets.Facts;
using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Datasets.Checks;

/// <summary>The checks of a mask by itself. The limits are those of docs/decisions/data-checks.md.</summary>
internal static class MaskChecks
{
    /// <summary>Fewest meter pixels of a mask that can be learnt from, as in the seed system.</summary>
    public const int LeastPixels = 100;

    /// <summary>More of the photo than a digit window can be.</summary>
    public const double MostCoverage = 0.5;

    /// <summary>Largest fraction of pixels far from 0 and 255 that JPEG's ringing at the edges explains.</summary>
    private const double MostRinging = 0.05;

    /// <summary>All that is found in a mask.</summary>
    public static IReadOnlyList<CheckResult> Run(SamplePair pair, MaskFacts mask)
    {
        var found = new List<CheckResult>();
        void Add(DatasetCheck check, FormattableString message) => found.Add(new CheckResult(check, pair.Name, pair.MaskPath, message.ToString(CultureInfo.InvariantCulture)));

        if (mask.Header.BitDepth == 16) Add(DatasetCheck.SixteenBit, $"The mask has 16 bits a value; the lower 8 are cut off. Save it as a PNG of 8 bits that holds 0 and 255 only.");
        if (mask.ColouredPixels > 0)
        {
            // Whatever else there is to say of it: nobody knows which colour is meter.
            Add(DatasetCheck.MaskColour, $"{mask.ColouredPixels} pixels of the mask are coloured, and a mask is read as grey. Save it as a PNG that holds 0 (background) and 255 (meter) only.");
            return found;
        }

        if (mask.Header.IsPalette) Add(DatasetCheck.Palette, $"The mask is stored with a palette: programs that read its indices see other values than its colours. Save it as a grey PNG that holds 0 and 255 only.");
        if (mask.TransparentPixels > 0) Add(DatasetCheck.MaskAlpha, $"{mask.TransparentPixels} pixels of the mask are transparent; their colour counts all the same. Look whether that is what was meant, and save it as a grey PNG that holds 0 and 255 only.");
        Values(mask, Add);
        if (mask.ForegroundPixels == 0) Add(DatasetCheck.MaskEmpty, $"The mask holds no meter at all (no value of 127 or more). Draw the digit window, or take the pair out.");
        else if (mask.ForegroundPixels < LeastPixels) Add(DatasetCheck.MaskNearlyEmpty, $"The mask holds only {mask.ForegroundPixels} meter pixels; fewer than {LeastPixels} are a slip of the pen. Draw the digit window, or take the pair out.");
        else if (mask.Coverage > MostCoverage) Add(DatasetCheck.MaskCoverage, $"The mask covers {mask.Coverage * 100:0} % of the photo, more than a digit window does. Is it inverted?");
        else Shape(mask, Add);
        return found;
    }

    /// <summary>Whether a mask can be held against others: one that has a finding of its own would only be told twice.</summary>
    public static bool IsComparable(MaskFacts mask) =>
        mask.ColouredPixels == 0 && mask.ForegroundPixels >= LeastPixels && mask.Coverage <= MostCoverage && mask.Pieces == 1;

    /// <summary>Whether JPEG alone explains values other than 0 and 255.</summary>
    public static bool IsRinging(MaskFacts mask) =>
        mask.Header.Format == ImageFormat.Jpeg && (double)mask.MiddlePixels / mask.Header.Pixels <= MostRinging;

    private static void Shape(MaskFacts mask, Action<DatasetCheck, FormattableString> add)
    {
        if (mask.Pieces > 1) add(DatasetCheck.MaskPieces, $"The mask is in {mask.Pieces} pieces; a meter has one digit window. Wipe out what does not belong to it.");
        if (mask.Holes > 0) add(DatasetCheck.MaskHoles, $"The mask has {mask.Holes} {(mask.Holes == 1 ? "hole" : "holes")}; a digit window has none. Fill what belongs to it.");
        if (mask.TouchesBorder) add(DatasetCheck.MaskAtBorder, $"The mask reaches the border of the photo: part of the digits may be outside of it. If they are, take the pair out.");
    }

    private static void Values(MaskFacts mask, Action<DatasetCheck, FormattableString> add)
    {
        if (mask.OffPixels == 0) return;
        string amount = string.Create(CultureInfo.InvariantCulture, $"{mask.OffPixels} of its pixels ({100.0 * mask.OffPixels / mask.Header.Pixels:0.####} %) are neither 0 nor 255");
        if (IsRinging(mask)) add(DatasetCheck.MaskJpeg, $"A JPEG mask: {amount}, all near the edges. It can be used as it is (127 and more is meter), and safely be repaired into a PNG.");
        else add(DatasetCheck.MaskNotBinary, $"{amount}. Save it as a PNG that holds 0 and 255 only.");
    }
}
