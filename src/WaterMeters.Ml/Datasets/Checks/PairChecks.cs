using System.Globalization;
using WaterMeters.Ml.Datasets.Facts;
using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Datasets.Checks;

/// <summary>The checks of one pair, by what was measured of it. Of findings that one cause explains, only the cause is told.</summary>
internal static class PairChecks
{
    /// <summary>All that is found in a pair: the photo, the mask, the two together.</summary>
    public static IReadOnlyList<CheckResult> Run(PairFacts facts)
    {
        var found = new List<CheckResult>();
        if (facts.PhotoFault is not null) found.Add(new CheckResult(DatasetCheck.PhotoUnreadable, facts.Pair.Name, facts.Pair.ImagePath, facts.PhotoFault));
        if (facts.MaskFault is not null) found.Add(new CheckResult(DatasetCheck.MaskUnreadable, facts.Pair.Name, facts.Pair.MaskPath, facts.MaskFault));
        Names(facts.Pair, found);
        if (facts.Photo is { } photo) found.AddRange(PhotoChecks.Run(facts.Pair, photo));
        if (facts.Mask is { } mask) found.AddRange(MaskChecks.Run(facts.Pair, mask));
        if (facts is { Photo: { } p, Mask: { } m }) Together(facts.Pair, p.Header, m.Header, found);
        return found;
    }

    private static void Names(SamplePair pair, List<CheckResult> found)
    {
        string mask = Path.GetFileNameWithoutExtension(pair.MaskPath);
        if (string.Equals(pair.Name, mask, StringComparison.Ordinal)) return;
        found.Add(new CheckResult(DatasetCheck.NameCase, pair.Name, pair.MaskPath, $"The mask is called '{mask}', its photo '{pair.Name}': other programs, and other systems, will not take them for a pair. Rename the mask.", pair.ImagePath));
    }

    private static void Together(SamplePair pair, PhotoHeader photo, PhotoHeader mask, List<CheckResult> found)
    {
        bool fits = OrientationChecks.Fits(photo, mask), fitsStored = OrientationChecks.FitsStored(photo, mask);
        string sizes = string.Create(CultureInfo.InvariantCulture, $"The mask is {mask.Width}x{mask.Height}, its photo {photo.Width}x{photo.Height}");
        if (!fits && fitsStored)
        {
            found.Add(new CheckResult(DatasetCheck.MaskOrientation, pair.Name, pair.MaskPath, string.Create(CultureInfo.InvariantCulture, $"{sizes} once its EXIF orientation {photo.Orientation} turns it. The mask was drawn on the photo as it is stored: turn the mask the same way."), pair.ImagePath));
        }
        else if (!fits)
        {
            found.Add(new CheckResult(DatasetCheck.SizeMismatch, pair.Name, pair.MaskPath, $"{sizes}. Draw the mask on this photo, or take the pair out.", pair.ImagePath));
        }
    }
}
