using System.Globalization;
using WaterMeters.Ml.Datasets.Facts;
using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Datasets.Checks;

/// <summary>The checks of a single mask. docs/decisions/data-checks.md explains the limits.</summary>
internal static class MaskChecks
{
    /// <summary>Fewest foreground pixels of a usable mask, as in the legacy pipeline.</summary>
    public const int LeastPixels = 100;

    /// <summary>Largest fraction of the photo that a digit window can cover.</summary>
    public const double MostCoverage = 0.5;

    /// <summary>Largest fraction of pixels far from 0 and 255 that the ringing of a lossy format at the edges explains.</summary>
    private const double MostRinging = 0.05;

    private const string SaveBinary = "Save it as a grey PNG with only 0 and 255.";
    private const string DrawOrRemove = "Draw the digit window, or remove the pair.";

    private delegate void AddFinding(DatasetCheck check, FormattableString found, string remedy);

    /// <summary>Runs all checks of a mask.</summary>
    public static IReadOnlyList<CheckResult> Run(SamplePair pair, MaskFacts mask)
    {
        var findings = new List<CheckResult>();
        void Add(DatasetCheck check, FormattableString found, string remedy) =>
            findings.Add(new CheckResult(check, pair.Name, pair.MaskPath, $"{found.ToString(CultureInfo.InvariantCulture)} {remedy}"));

        if (HasLabels(mask))
        {
            // Report nothing else: all else follows from reading the numbers as grey.
            AddLabels(mask, Add);
            return findings;
        }

        if (mask.Header.BitDepth == 16)
        {
            Add(DatasetCheck.SixteenBit, $"The mask has 16 bits per value; the lower 8 are ignored.", SaveBinary);
        }

        if (mask.ColouredPixels > 0)
        {
            // Report nothing else: it is unknown which colour is the foreground.
            Add(DatasetCheck.MaskColour, $"{mask.ColouredPixels} pixels of the mask are coloured, but a mask is read as grey.", SaveBinary);
            return findings;
        }

        if (mask.Header.IsPalette)
        {
            Add(
                DatasetCheck.Palette,
                $"The mask is stored with a colour palette; some programs read the indices instead of the colours.",
                SaveBinary);
        }

        if (mask.TransparentPixels > 0)
        {
            Add(
                DatasetCheck.MaskAlpha,
                $"{mask.TransparentPixels} pixels of the mask are transparent, but their hidden colour still counts.",
                "Check the mask, and save it as a grey PNG with only 0 and 255.");
        }

        CheckValues(mask, Add);
        if (mask.ForegroundPixels == 0) Add(DatasetCheck.MaskEmpty, $"The mask has no foreground (no value of 127 or more).", DrawOrRemove);
        else if (mask.ForegroundPixels < LeastPixels)
        {
            Add(
                DatasetCheck.MaskNearlyEmpty,
                $"The mask has only {mask.ForegroundPixels} foreground pixels; a digit window has at least {LeastPixels}.",
                DrawOrRemove);
        }
        else if (mask.Coverage > MostCoverage)
        {
            Add(
                DatasetCheck.MaskCoverage,
                $"The mask covers {mask.Coverage * 100:0} % of the photo, too much for a digit window.",
                "Check whether it is inverted.");
        }
        else CheckShape(mask, Add);
        return findings;
    }

    /// <summary>
    /// Returns whether a mask holds label numbers: its file tells pixels apart by few values, such as 0 and 1, that reading it as grey
    /// makes all background or all foreground.
    /// </summary>
    public static bool HasLabels(MaskFacts mask) =>
        mask is { ColouredPixels: 0, IsFlat: true, Values: { Count: > 1 and < MaskValues.Most } values }
        && (values.AreTwo || (mask.ForegroundPixels == 0 && values.Highest < MaskValues.Most));

    /// <summary>Returns whether a mask can be compared with others: a mask with another finding would only be reported twice.</summary>
    public static bool IsComparable(MaskFacts mask) =>
        !mask.Flaws.HasFlag(ImageFlaws.DamagedPixels)
        && mask.ColouredPixels == 0 && mask.ForegroundPixels >= LeastPixels && mask.Coverage <= MostCoverage && mask.Pieces == 1;

    /// <summary>Returns whether a lossy format alone explains values other than 0 and 255.</summary>
    public static bool IsRinging(MaskFacts mask) =>
        mask.Header.IsLossy && (double)mask.MiddlePixels / mask.Header.Pixels <= MostRinging;

    /// <summary>Returns the format of a mask whose values it does not keep exactly, for messages.</summary>
    public static string LossyFormat(MaskFacts mask) => mask.Header.Format == ImageFormat.Webp ? "lossy WebP" : "JPEG";

    private static void AddLabels(MaskFacts mask, AddFinding add)
    {
        var values = mask.Values;
        string read = mask.ForegroundPixels == 0 ? "all pixels are read as background" : "all pixels are read as foreground";
        if (mask.Header.IsLossy)
        {
            add(
                DatasetCheck.MaskLabels,
                $"The mask is a {LossyFormat(mask)} file that holds label numbers ({values.Lowest} to {values.Highest}), so {read}.",
                "This format does not keep them exactly: export the mask as a PNG with only 0 and 255.");
        }
        else if (values.AreTwo)
        {
            add(
                DatasetCheck.MaskLabels,
                $"The mask holds the values {values.Lowest} and {values.Highest} instead of 0 and 255, so {read}.",
                "Repair-WmsDataset writes it with 0 and 255.");
        }
        else
        {
            add(
                DatasetCheck.MaskLabels,
                $"The mask holds {values.Count} label numbers ({values.Lowest} to {values.Highest}) instead of 0 and 255, so {read}.",
                "Save it as a grey PNG with 255 for the digit window and 0 for everything else.");
        }
    }

    private static void CheckShape(MaskFacts mask, AddFinding add)
    {
        if (mask.Pieces > 1)
        {
            add(
                DatasetCheck.MaskPieces,
                $"The mask has {mask.Pieces} pieces, but a meter has one digit window.",
                "Erase what does not belong to it.");
        }

        if (mask.Holes > 0)
        {
            string holes = mask.Holes == 1 ? "hole" : "holes";
            add(
                DatasetCheck.MaskHoles,
                $"The mask has {mask.Holes} {holes}, but a digit window has none.",
                "Fill what belongs to the window.");
        }

        if (mask.TouchesBorder)
        {
            add(
                DatasetCheck.MaskAtBorder,
                $"The mask touches the border of the photo, so part of the window may be cut off.",
                "Remove the pair if digits are missing.");
        }
    }

    private static void CheckValues(MaskFacts mask, AddFinding add)
    {
        if (mask.OffPixels == 0) return;
        double percent = 100.0 * mask.OffPixels / mask.Header.Pixels;
        if (IsRinging(mask))
        {
            string format = LossyFormat(mask);
            add(
                DatasetCheck.MaskJpeg,
                $"The mask is a {format} file; {mask.OffPixels} of its pixels ({percent:0.####} %) are neither 0 nor 255, near the edges.",
                "It can be used as it is (127 or more is foreground), or be repaired with Repair-WmsDataset.");
        }
        else
        {
            add(
                DatasetCheck.MaskNotBinary,
                $"{mask.OffPixels} pixels of the mask ({percent:0.####} %) are neither 0 nor 255.",
                mask.Values.AreTwo && !mask.Header.IsLossy
                    ? FormattableString.Invariant($"It holds exactly two values, {mask.Values.Lowest} and {mask.Values.Highest}: ")
                        + "Repair-WmsDataset makes them 0 and 255."
                    : SaveBinary);
        }
    }
}
