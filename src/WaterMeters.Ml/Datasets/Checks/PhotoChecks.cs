using System.Globalization;
using WaterMeters.Ml.Datasets.Facts;

namespace WaterMeters.Ml.Datasets.Checks;

/// <summary>The checks of a photo. The limits are those of docs/decisions/data-checks.md.</summary>
internal static class PhotoChecks
{
    /// <summary>A photo of which 19 pixels in 20 are darker than this is too dark.</summary>
    public const int DarkBelow = 50;

    /// <summary>A photo of which 19 pixels in 20 are brighter than this is too bright.</summary>
    public const int BrightAbove = 190;

    /// <summary>Bits of entropy of the luma below which a photo shows next to nothing.</summary>
    public const double LeastEntropy = 4;

    /// <summary><see cref="BlurEffect"/> above which a photo is blurred.</summary>
    public const double MostBlur = 0.65;

    /// <summary>Longer side over shorter side above which a photo is no photo of a phone: those reach 2.4.</summary>
    public const double MostAspectRatio = 2.5;

    /// <summary>All that is found in a photo.</summary>
    public static IEnumerable<CheckResult> Run(SamplePair pair, PhotoFacts photo)
    {
        CheckResult Found(DatasetCheck check, FormattableString message) => new(check, pair.Name, pair.ImagePath, message.ToString(CultureInfo.InvariantCulture));

        if (photo.Header.BitDepth == 16) yield return Found(DatasetCheck.SixteenBit, $"The photo has 16 bits a value; the lower 8 are cut off. Save it with 8 bits.");
        if (photo.Header.IsPalette) yield return Found(DatasetCheck.Palette, $"The photo is stored with a palette of few colours. Take the one it was made from.");
        double aspect = (double)Math.Max(photo.Header.Width, photo.Header.Height) / Math.Min(photo.Header.Width, photo.Header.Height);
        if (aspect > MostAspectRatio) yield return Found(DatasetCheck.PhotoAspectRatio, $"The photo is {photo.Header.Width}x{photo.Header.Height}, {aspect:0.0} times as long as wide: squeezed into a square, nothing of it looks as it does. Crop it, and its mask with it, or take the pair out.");

        // A dark photo is flat and unsharp too: one cause, one finding.
        if (photo.BrightEnd < DarkBelow) yield return Found(DatasetCheck.PhotoDark, $"95 % of the photo is darker than {photo.BrightEnd} of 255. If the digits cannot be read on it, take the pair out.");
        else if (photo.DarkEnd > BrightAbove) yield return Found(DatasetCheck.PhotoBright, $"95 % of the photo is brighter than {photo.DarkEnd} of 255. If the digits cannot be read on it, take the pair out.");
        else if (photo.Entropy < LeastEntropy) yield return Found(DatasetCheck.PhotoLowInformation, $"The photo shows next to nothing: its brightness has {photo.Entropy:0.0} bits of information, a photo some 7. Look at it; if it shows no meter, take the pair out.");
        else if (photo.Blur > MostBlur) yield return Found(DatasetCheck.PhotoBlurred, $"The photo is blurred ({photo.Blur:0.00} on a scale from 0 to 1; {MostBlur:0.00} is the limit). If the edge of the window cannot be seen on it, take the pair out.");
    }
}
