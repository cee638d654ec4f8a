using WaterMeters.Ml.Datasets.Facts;
using WaterMeters.Ml.Imaging;
using static System.FormattableString;

namespace WaterMeters.Ml.Datasets.Checks;

/// <summary>The checks of a single pair, computed from its facts. Findings with one cause are reported once.</summary>
internal static class PairChecks
{
    /// <summary>Runs all checks of a pair: of the photo, of the mask, and of both together.</summary>
    public static IReadOnlyList<CheckResult> Run(PairFacts facts)
    {
        var found = new List<CheckResult>();
        var pair = facts.Pair;
        if (facts.PhotoFault is { } photoFault) found.Add(new(DatasetCheck.PhotoUnreadable, pair.Name, pair.ImagePath, photoFault));
        if (facts.MaskFault is { } maskFault) found.Add(new(DatasetCheck.MaskUnreadable, pair.Name, pair.MaskPath, maskFault));
        if (facts.Photo is { Flaws: var photoFlaws }) CheckFlaws(DatasetCheck.PhotoScanDamaged, pair.ImagePath, photoFlaws);
        if (facts.Mask is { Flaws: var maskFlaws }) CheckFlaws(DatasetCheck.MaskScanDamaged, pair.MaskPath, maskFlaws);
        CheckNames(pair, found);

        // What else is wrong with damaged pixels has the same cause.
        if (facts.Photo is { } photo && !photo.Flaws.HasFlag(ImageFlaws.DamagedPixels)) found.AddRange(PhotoChecks.Run(pair, photo));
        if (facts.Mask is { } mask && !mask.Flaws.HasFlag(ImageFlaws.DamagedPixels)) found.AddRange(MaskChecks.Run(pair, mask));
        if (facts is { Photo: { } p, Mask: { } m }) CheckSizes(pair, p.Header, m.Header, found);
        return found;

        void CheckFlaws(DatasetCheck damaged, string path, ImageFlaws flaws)
        {
            if (flaws.HasFlag(ImageFlaws.DamagedPixels)) Add(damaged, ImageFlaws.DamagedPixels);
            if (flaws.HasFlag(ImageFlaws.MissingEnd)) Add(DatasetCheck.EndMissing, ImageFlaws.MissingEnd);

            void Add(DatasetCheck check, ImageFlaws flaw) =>
                found.Add(new CheckResult(check, pair.Name, path, ImageFlawText.Describe(path, flaw)!));
        }
    }

    private static void CheckNames(SamplePair pair, List<CheckResult> found)
    {
        string mask = Path.GetFileNameWithoutExtension(pair.MaskPath);
        if (string.Equals(pair.Name, mask, StringComparison.Ordinal)) return;
        if (string.Equals(PairName.Of(pair.ImagePath), PairName.Of(pair.MaskPath), StringComparison.Ordinal))
        {
            found.Add(new CheckResult(
                DatasetCheck.NameForm,
                pair.Name,
                pair.MaskPath,
                $"The names of the mask and the photo, '{pair.Name}', look equal, but their accented letters are stored in two ways "
                    + "(composed and decomposed Unicode, as macOS writes it), so other programs do not pair them. Rename the mask.",
                pair.ImagePath));
            return;
        }

        string message = $"The name of the mask is '{mask}', that of the photo '{pair.Name}'. "
            + "They differ in upper and lower case, so other systems do not pair them. Rename the mask.";
        found.Add(new CheckResult(DatasetCheck.NameCase, pair.Name, pair.MaskPath, message, pair.ImagePath));
    }

    private static void CheckSizes(SamplePair pair, PhotoHeader photo, PhotoHeader mask, List<CheckResult> found)
    {
        if (OrientationChecks.Fits(photo, mask)) return;
        string sizes = Invariant($"The mask is {mask.Width}x{mask.Height}, but its photo is {photo.Width}x{photo.Height}");
        if (OrientationChecks.FitsStored(photo, mask))
        {
            string message = sizes + Invariant($" after rotation by its EXIF orientation {photo.Orientation}. ")
                + "The mask was drawn on the photo as stored. Repair it with Repair-WmsDataset, or rotate it like the photo.";
            found.Add(new CheckResult(DatasetCheck.MaskOrientation, pair.Name, pair.MaskPath, message, pair.ImagePath));
        }
        else
        {
            string message = sizes + ". Draw the mask on this photo, or remove the pair.";
            found.Add(new CheckResult(DatasetCheck.SizeMismatch, pair.Name, pair.MaskPath, message, pair.ImagePath));
        }
    }
}
