using System.Globalization;
using WaterMeters.Ml.Datasets.Facts;
using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Datasets.Checks;

/// <summary>The checks of a single photo. docs/decisions/data-checks.md explains the limits.</summary>
internal static class PhotoChecks
{
    /// <summary>A photo is too dark when 19 of 20 pixels are darker than this.</summary>
    public const int DarkBelow = 50;

    /// <summary>A photo is too bright when 19 of 20 pixels are brighter than this.</summary>
    public const int BrightAbove = 190;

    /// <summary>Entropy of the luma in bits below which a photo shows almost nothing.</summary>
    public const double LeastEntropy = 4;

    /// <summary><see cref="BlurEffect"/> above which a photo is blurred.</summary>
    public const double MostBlur = 0.65;

    /// <summary>Longest ratio of the longer to the shorter side; photos of phones reach 2.4.</summary>
    public const double MostAspectRatio = 2.5;

    private const string RemoveIfUnreadable = "Remove the pair if the digits cannot be read.";

    /// <summary>Runs all checks of a photo.</summary>
    public static IEnumerable<CheckResult> Run(SamplePair pair, PhotoFacts photo)
    {
        CheckResult Finding(DatasetCheck check, FormattableString found, string remedy) =>
            new(check, pair.Name, pair.ImagePath, $"{found.ToString(CultureInfo.InvariantCulture)} {remedy}");

        var header = photo.Header;
        if (photo.Flaws.HasFlag(ImageFlaws.DarkSixteenBit))
        {
            // Nothing else can be said of a photo that is read as black.
            yield return Finding(
                DatasetCheck.SixteenBit,
                $"The photo has 16 bits per value, but uses only the lower bits; the upper 8, which are read, are nearly black.",
                "Scale its values to the full range, and save it with 8 bits.");
            yield break;
        }

        if (header.BitDepth == 16)
        {
            yield return Finding(
                DatasetCheck.SixteenBit, $"The photo has 16 bits per value; the lower 8 are ignored.", "Save it with 8 bits.");
        }

        if (header.IsPalette)
        {
            yield return Finding(
                DatasetCheck.Palette, $"The photo is stored with a colour palette.", "Use the original photo if you have it.");
        }

        double aspect = (double)Math.Max(header.Width, header.Height) / Math.Min(header.Width, header.Height);
        if (aspect > MostAspectRatio)
        {
            yield return Finding(
                DatasetCheck.PhotoAspectRatio,
                $"The photo is {header.Width}x{header.Height}, {aspect:0.0} times as long as wide; resizing it to a square distorts it.",
                "Crop the photo and its mask, or remove the pair.");
        }

        // A dark photo is flat and blurred too: report only the cause.
        if (photo.BrightEnd < DarkBelow)
        {
            yield return Finding(
                DatasetCheck.PhotoDark, $"95 % of the photo is darker than {photo.BrightEnd} of 255.", RemoveIfUnreadable);
        }
        else if (photo.DarkEnd > BrightAbove)
        {
            yield return Finding(
                DatasetCheck.PhotoBright, $"95 % of the photo is brighter than {photo.DarkEnd} of 255.", RemoveIfUnreadable);
        }
        else if (photo.Entropy < LeastEntropy)
        {
            yield return Finding(
                DatasetCheck.PhotoLowInformation,
                $"The photo shows almost nothing: its brightness has {photo.Entropy:0.0} bits of information; about 7 are normal.",
                "Remove the pair if the photo shows no meter.");
        }
        else if (photo.Blur > MostBlur)
        {
            yield return Finding(
                DatasetCheck.PhotoBlurred,
                $"The photo is blurred: {photo.Blur:0.00} on a scale from 0 (sharp) to 1; the limit is {MostBlur:0.00}.",
                "Remove the pair if the edges of the window cannot be seen.");
        }
    }
}
