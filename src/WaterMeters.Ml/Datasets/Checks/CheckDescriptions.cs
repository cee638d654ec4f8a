using static WaterMeters.Ml.Datasets.Checks.DatasetCheck;

namespace WaterMeters.Ml.Datasets.Checks;

/// <summary>What each check finds and what to do about it, a sentence each, for who reads a report without knowing the checks.</summary>
internal static class CheckDescriptions
{
    private static readonly Dictionary<DatasetCheck, (string Meaning, string Remedy)> Entries = new()
    {
        [NoDataset] = ("The folder, or images or masks in it, is not there.", "Check the path."),
        [NoPhotos] = ("The folder images holds no photo.", "Put photos (.jpg, .jpeg, .png) into it, and their masks into masks."),
        [PhotoWithoutMask] = ("A photo has no mask of its name, so it cannot be learned from.", "Add the mask, or take the photo out."),
        [MaskWithoutPhoto] = ("A mask has no photo of its name.", "Add the photo, or take the mask out."),
        [DuplicateName] = ("Two files of one folder share a name, and only the first of them can be paired.", "Rename one, and its mask with it."),
        [NameCase] = ("The names of photo and mask differ in upper and lower case; some systems take them for two names.", "Give both the same name."),
        [PhotoUnreadable] = ("A photo is damaged, cut off or of another format than its name says.", "Copy it again from where it came from, or take the pair out."),
        [MaskUnreadable] = ("A mask is damaged, cut off or of another format than its name says.", "Save it again, or take the pair out."),
        [SizeMismatch] = ("A mask has another size than its photo, so it marks other pixels than it means.", "Save the mask in the size of the photo."),
        [MaskOrientation] = ("A mask fits its photo only before the photo's EXIF entry turns it: it was drawn on a photo that lay on its side.", "Repair-WmsDataset turns the mask as the photo is turned."),
        [OrientationDiffers] = ("Photo and mask say different orientations, and the mask fits either way: it may lie upside down.", "Look whether the outline is on the window; turn the mask if it is not."),
        [SixteenBit] = ("A file has 16 bits a value, of which 8 are used.", "Repair-WmsDataset saves it with 8 bits."),
        [Palette] = ("A file is stored with a palette of few colours.", "Repair-WmsDataset saves it without; better still, take the original."),
        [PhotoDark] = ("Hardly anything on a photo is lit.", "Take the pair out if the digits cannot be read."),
        [PhotoBright] = ("Nearly all of a photo is white.", "Take the pair out if the digits cannot be read."),
        [PhotoLowInformation] = ("A photo is one flat surface, as through fog or a finger.", "Take the pair out if it shows no meter."),
        [PhotoBlurred] = ("A photo is far out of focus, or was moved.", "Take the pair out if the edge of the window cannot be seen."),
        [PhotoAspectRatio] = ("A photo is far longer than wide; squeezed into a square nothing on it looks as it does.", "Crop it, and its mask with it, or take the pair out."),
        [MaskColour] = ("A mask holds colours: it is an overlay, or an image with the wrong name.", "Save it in black and white."),
        [MaskAlpha] = ("A mask holds transparent pixels; what is under them may not be what was seen.", "Save it without transparency."),
        [MaskNotBinary] = ("A mask holds many values other than 0 and 255, so where the window ends is left open.", "Save it in black and white without smoothing."),
        [MaskJpeg] = ("A JPEG mask is grey at its edges; it can be trained on as it is.", "Repair-WmsDataset makes it a PNG in black and white; nothing is lost."),
        [MaskEmpty] = ("A mask marks nothing at all.", "Draw it again, or take the pair out."),
        [MaskNearlyEmpty] = ("A mask marks fewer than 100 pixels, which no window is.", "Draw it again, or take the pair out."),
        [MaskCoverage] = ("A mask covers more than half of the photo; it is probably inverted.", "Swap black and white, if that puts it on the window."),
        [MaskPieces] = ("A mask is in several pieces, where a meter has one window.", "Remove specks; join the pieces of one window."),
        [MaskHoles] = ("A mask has holes.", "Fill them."),
        [MaskAtBorder] = ("A mask reaches the border of the photo: the window is cut off, or the mask runs out of it.", "Take the pair out if the window is not whole."),
        [MaskCoverageOutlier] = ("A mask covers far more or less than the others do: the whole meter perhaps, or one digit.", "Look whether the outline is the window's."),
        [MaskShapeOutlier] = ("A mask is far longer or shorter than the others, or far raggeder.", "Look whether the outline is the window's."),
        [PhotoDuplicate] = ("The file of a photo is there twice, so it counts double.", "Take one of the two out, with its mask."),
        [PhotoNearDuplicate] = ("A photo shows the image of another: saved anew, scaled, cropped, turned or mirrored.", "Take one of the two out, with its mask."),
        [PhotoInTwoSplits] = ("The same photo is in two parts of the data set: a model would be measured on what it has learned.", "Let Split-WmsDataset set one aside, or take one of the two out."),
        [PhotoWithTwoMasks] = ("The same photo has two different masks, and one of them must be wrong.", "Keep the pair whose mask is right."),
        [SplitUnreadable] = ("What is stored of the photos' places, in the folder split, cannot be read, so photos may be in another part than before.", "Restore the file from the repository or a copy."),
        [SplitDisputed] = ("A photo resembles photos that are in two parts by now, so it is in none.", "Nothing has to be done; Split-WmsDataset settles it."),
        [MaskSuspect] = ("A model that is right about most photos finds the window elsewhere than the mask says.", "Look which of the two is right; draw the mask again if it is wrong."),
    };

    /// <summary>What a check finds.</summary>
    public static string Meaning(DatasetCheck check) => Entries[check].Meaning;

    /// <summary>What to do about it.</summary>
    public static string Remedy(DatasetCheck check) => Entries[check].Remedy;
}
