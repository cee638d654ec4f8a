namespace WaterMeters.Ml.Datasets.Checks;

/// <summary>The checks of a data set. Their names are identifiers in findings and in wms.yaml, and never change.</summary>
public enum DatasetCheck
{
    /// <summary>No folder was given, or it does not exist, cannot be listed, or lacks images or masks.</summary>
    NoDataset,

    /// <summary>The folder images contains no photo.</summary>
    NoPhotos,

    /// <summary>A photo has no mask of the same name.</summary>
    PhotoWithoutMask,

    /// <summary>A mask has no photo of the same name.</summary>
    MaskWithoutPhoto,

    /// <summary>Two photos, or two masks, have the same name without extension.</summary>
    DuplicateName,

    /// <summary>The names of a photo and its mask differ in upper and lower case.</summary>
    NameCase,

    /// <summary>The names of a photo and its mask differ in how accented letters are stored: composed or decomposed Unicode.</summary>
    NameForm,

    /// <summary>A photo cannot be decoded.</summary>
    PhotoUnreadable,

    /// <summary>A mask cannot be decoded.</summary>
    MaskUnreadable,

    /// <summary>Parts of a photo's pixel data are destroyed or missing.</summary>
    PhotoScanDamaged,

    /// <summary>Parts of a mask's pixel data are destroyed or missing.</summary>
    MaskScanDamaged,

    /// <summary>A photo or a mask has no end marker, but all of its pixels are there.</summary>
    EndMissing,

    /// <summary>The folder images or masks contains images of formats that are not read.</summary>
    OtherFormat,

    /// <summary>A mask does not have the size of its photo.</summary>
    SizeMismatch,

    /// <summary>A mask fits its photo only as it is stored, before the EXIF rotation.</summary>
    MaskOrientation,

    /// <summary>A photo and its mask have different EXIF orientations, and fit each other both ways.</summary>
    OrientationDiffers,

    /// <summary>A photo or a mask has 16 bits per value, of which 8 are used.</summary>
    SixteenBit,

    /// <summary>A photo or a mask is stored with a palette.</summary>
    Palette,

    /// <summary>Almost the whole photo is dark.</summary>
    PhotoDark,

    /// <summary>Almost the whole photo is white.</summary>
    PhotoBright,

    /// <summary>A photo shows a single flat surface.</summary>
    PhotoLowInformation,

    /// <summary>A photo is out of focus, or has motion blur.</summary>
    PhotoBlurred,

    /// <summary>A photo is far longer than wide.</summary>
    PhotoAspectRatio,

    /// <summary>A mask has colours.</summary>
    MaskColour,

    /// <summary>A mask has transparent pixels.</summary>
    MaskAlpha,

    /// <summary>A mask has values other than 0 and 255 that JPEG does not explain.</summary>
    MaskNotBinary,

    /// <summary>A mask holds label numbers, such as 0 and 1, which are read as background or as foreground alone.</summary>
    MaskLabels,

    /// <summary>A JPEG mask has values other than 0 and 255 near its edges.</summary>
    MaskJpeg,

    /// <summary>A mask has no foreground.</summary>
    MaskEmpty,

    /// <summary>A mask has too few foreground pixels for a window.</summary>
    MaskNearlyEmpty,

    /// <summary>A mask covers more of the photo than a digit window can.</summary>
    MaskCoverage,

    /// <summary>The foreground of a mask is in several pieces.</summary>
    MaskPieces,

    /// <summary>The foreground of a mask has holes.</summary>
    MaskHoles,

    /// <summary>The foreground of a mask touches the border of the photo.</summary>
    MaskAtBorder,

    /// <summary>A mask covers far more or less than the others.</summary>
    MaskCoverageOutlier,

    /// <summary>The foreground of a mask is far longer, shorter or more ragged than in the others.</summary>
    MaskShapeOutlier,

    /// <summary>The same photo file exists twice.</summary>
    PhotoDuplicate,

    /// <summary>A photo shows the scene of another one: saved again, scaled, cropped, rotated or mirrored.</summary>
    PhotoNearDuplicate,

    /// <summary>The same photo is in two parts of the data set.</summary>
    PhotoInTwoSplits,

    /// <summary>The stored split cannot be read.</summary>
    SplitUnreadable,

    /// <summary>Two overrides put a photo into two parts, so it is in none.</summary>
    SplitDisputed,

    /// <summary>Training, validation or test part has no photo, or too few to be of use.</summary>
    PartTooSmall,

    /// <summary>The same photo has two different masks.</summary>
    PhotoWithTwoMasks,

    /// <summary>A model that is right about most photos finds the window in another place than the mask.</summary>
    MaskSuspect,
}
