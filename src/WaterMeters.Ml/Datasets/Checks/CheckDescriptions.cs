using static WaterMeters.Ml.Datasets.Checks.DatasetCheck;

namespace WaterMeters.Ml.Datasets.Checks;

/// <summary>The meaning of each check and its remedy, a sentence each, for readers of a report who do not know the checks.</summary>
internal static class CheckDescriptions
{
    private static readonly Dictionary<DatasetCheck, (string Meaning, string Remedy)> Entries = new()
    {
        [NoDataset] = (
            "The folder does not exist, or lacks the folder images or masks.",
            "Check the path."),
        [NoPhotos] = (
            "The folder images contains no photo.",
            "Put photos (.jpg, .jpeg, .jfif, .png, .webp) into images, and their masks into masks."),
        [PhotoWithoutMask] = (
            "A photo has no mask of the same name, so it cannot be used.",
            "Add the mask, or remove the photo."),
        [MaskWithoutPhoto] = (
            "A mask has no photo of the same name.",
            "Add the photo, or remove the mask."),
        [DuplicateName] = (
            "Files in one folder have the same name without extension, so only the first can be paired.",
            "Rename the others, and their masks or photos with them."),
        [NameCase] = (
            "The names of photo and mask differ in upper and lower case; on some systems they are two different names.",
            "Give both the same name."),
        [NameForm] = (
            "The names of photo and mask look equal, but their accented letters are stored in two ways; other programs do not pair them.",
            "Give the mask the name of the photo, for example by copying and pasting it."),
        [PhotoUnreadable] = (
            "The photo file is damaged, truncated or in another format.",
            "Copy it again from its source, or remove the pair."),
        [MaskUnreadable] = (
            "The mask file is damaged, truncated or in another format.",
            "Save the mask again, or remove the pair."),
        [PhotoScanDamaged] = (
            "Parts of the photo's pixel data are destroyed or missing; they are read as grey or wrong pixels.",
            "Copy it again from its source, or remove the pair."),
        [MaskScanDamaged] = (
            "Parts of the mask's pixel data are destroyed or missing, so it may mark the wrong pixels.",
            "Save the mask again, or remove the pair."),
        [EndMissing] = (
            "The last bytes of the file are missing, but all of its pixels are there.",
            "Copy the file again from its source if you can; it can be used as it is."),
        [OtherFormat] = (
            "Images of other formats, such as .heic or .tif, are not read.",
            "Save them as JPEG or PNG, with the names of their masks or photos."),
        [SizeMismatch] = (
            "The mask does not have the size of its photo, so its pixels mark the wrong place.",
            "Save the mask in the size of the photo."),
        [MaskOrientation] = (
            "The mask fits the photo only before the photo is rotated by its EXIF orientation: it was drawn on the photo as stored.",
            "Repair-WmsDataset rotates the mask like the photo."),
        [OrientationDiffers] = (
            "The EXIF orientations of photo and mask differ, and the mask fits both ways: it may be upside down.",
            "Check that the mask covers the window; rotate the mask if it does not."),
        [SixteenBit] = (
            "A file has 16 bits per value, of which 8 are used.",
            "Repair-WmsDataset saves it with 8 bits."),
        [Palette] = (
            "A file is stored with a colour palette.",
            "Repair-WmsDataset saves it without a palette; if you have the original photo, use that."),
        [PhotoDark] = (
            "Almost the whole photo is dark.",
            "Remove the pair if the digits cannot be read."),
        [PhotoBright] = (
            "Almost the whole photo is white.",
            "Remove the pair if the digits cannot be read."),
        [PhotoLowInformation] = (
            "The photo shows a single flat surface, such as fog or a finger on the lens.",
            "Remove the pair if the photo shows no meter."),
        [PhotoBlurred] = (
            "The photo is far out of focus, or the camera moved.",
            "Remove the pair if the edges of the window cannot be seen."),
        [PhotoAspectRatio] = (
            "The photo is much longer than wide, so resizing it to a square distorts it.",
            "Crop the photo and its mask, or remove the pair."),
        [MaskColour] = (
            "The mask has colours: it may be an overlay, or a photo under the wrong name.",
            "Save the mask in black and white."),
        [MaskAlpha] = (
            "The mask has transparent pixels; their hidden colour counts, and may differ from what an editor shows.",
            "Check the mask and save it without transparency."),
        [MaskNotBinary] = (
            "The mask has many values other than 0 and 255, so the edge of the window is not clear.",
            "Save the mask in black and white, without smoothing."),
        [MaskLabels] = (
            "The mask holds label numbers such as 0 and 1 instead of 0 and 255, so the whole mask is read as background or as foreground.",
            "Repair-WmsDataset makes two values 0 and 255; save a mask of more values in black and white."),
        [MaskJpeg] = (
            "The mask is a JPEG or lossy WebP file with grey pixels at its edges; it can be used as it is.",
            "Repair-WmsDataset converts it to a black and white PNG without loss."),
        [MaskEmpty] = (
            "The mask has no foreground.",
            "Draw the window, or remove the pair."),
        [MaskNearlyEmpty] = (
            "The mask has fewer than 100 foreground pixels, too few for a window.",
            "Draw the window, or remove the pair."),
        [MaskCoverage] = (
            "The mask covers more than half of the photo; it may be inverted.",
            "Swap black and white if that puts the foreground on the window."),
        [MaskPieces] = (
            "The foreground is in several pieces, but a meter has one window.",
            "Erase specks, or join the pieces of the window."),
        [MaskHoles] = (
            "The foreground has holes.",
            "Fill the holes."),
        [MaskAtBorder] = (
            "The foreground touches the border of the photo: the window may be cut off.",
            "Remove the pair if part of the window is outside of the photo."),
        [MaskCoverageOutlier] = (
            "The mask covers far more or less than the others: perhaps the whole meter, or a single digit.",
            "Check that the outline is that of the window."),
        [MaskShapeOutlier] = (
            "The foreground is far longer, shorter or more ragged than in the other masks.",
            "Check that the outline is that of the window."),
        [PhotoDuplicate] = (
            "The same photo file exists twice, so it counts twice.",
            "Remove one of the two pairs."),
        [PhotoNearDuplicate] = (
            "Two photos show the same scene: one was saved again, scaled, cropped, rotated or mirrored.",
            "Remove one of the two pairs."),
        [PhotoInTwoSplits] = (
            "The same photo is in two parts of the data set: a model would be measured on what it learned.",
            "Run Split-WmsDataset, which sets one aside, or remove one of the two pairs."),
        [PhotoWithTwoMasks] = (
            "The same photo has two different masks, so one of them is wrong.",
            "Keep the pair with the correct mask."),
        [SplitUnreadable] = (
            "The stored split in the folder split cannot be read, so photos may change parts.",
            "Restore the file from version control or a backup."),
        [SplitDisputed] = (
            "A photo resembles photos of two parts, so it is in none.",
            "Run Split-WmsDataset, which sets the photo aside permanently."),
        [PartTooSmall] = (
            "One of the parts Train, Validation and Test has no photo, or too few: a training or a measurement will be refused.",
            "Add photos, choose other fractions with Split-WmsDataset, or assign photos with a split file."),
        [MaskSuspect] = (
            "A model that is right about most photos finds the window in another place than the mask.",
            "Check which of the two is right; correct the mask if it is wrong."),
    };

    /// <summary>Returns what a check finds.</summary>
    public static string Meaning(DatasetCheck check) => Entries[check].Meaning;

    /// <summary>Returns what to do about a finding of the check.</summary>
    public static string Remedy(DatasetCheck check) => Entries[check].Remedy;
}
