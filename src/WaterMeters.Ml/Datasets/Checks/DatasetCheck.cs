namespace WaterMeters.Ml.Datasets.Checks;

/// <summary>What a data set is checked for. The names are the identifiers that findings carry and wms.yaml names, and do not change.</summary>
public enum DatasetCheck
{
    /// <summary>No folder was named, it is not there, cannot be listed, or lacks images/ or masks/.</summary>
    NoDataset,

    /// <summary>images/ holds no photo.</summary>
    NoPhotos,

    /// <summary>A photo has no mask of its name.</summary>
    PhotoWithoutMask,

    /// <summary>A mask has no photo of its name.</summary>
    MaskWithoutPhoto,

    /// <summary>Two photos, or two masks, share a name.</summary>
    DuplicateName,

    /// <summary>The names of a photo and its mask differ in upper and lower case.</summary>
    NameCase,

    /// <summary>A photo cannot be decoded.</summary>
    PhotoUnreadable,

    /// <summary>A mask cannot be decoded.</summary>
    MaskUnreadable,

    /// <summary>A mask has another size than its photo.</summary>
    SizeMismatch,

    /// <summary>A mask fits its photo only as it is stored, before its EXIF orientation turns it.</summary>
    MaskOrientation,

    /// <summary>A photo and its mask have different EXIF orientations, and would fit each other in either.</summary>
    OrientationDiffers,

    /// <summary>A photo or a mask has 16 bits a value, of which 8 are used.</summary>
    SixteenBit,

    /// <summary>A photo or a mask is stored with a palette.</summary>
    Palette,

    /// <summary>Hardly a pixel of a photo is lit.</summary>
    PhotoDark,

    /// <summary>Hardly a pixel of a photo is not white.</summary>
    PhotoBright,

    /// <summary>A photo shows next to nothing: one flat surface.</summary>
    PhotoLowInformation,

    /// <summary>A photo is out of focus, or moved.</summary>
    PhotoBlurred,

    /// <summary>A photo is far longer than wide.</summary>
    PhotoAspectRatio,

    /// <summary>A mask holds colours.</summary>
    MaskColour,

    /// <summary>A mask holds transparent pixels.</summary>
    MaskAlpha,

    /// <summary>A mask holds other values than 0 and 255, and JPEG does not explain them.</summary>
    MaskNotBinary,

    /// <summary>A JPEG mask holds other values than 0 and 255, near its edges.</summary>
    MaskJpeg,

    /// <summary>A mask holds no meter.</summary>
    MaskEmpty,

    /// <summary>A mask holds fewer pixels than can be meant.</summary>
    MaskNearlyEmpty,

    /// <summary>A mask covers more than a digit window can.</summary>
    MaskCoverage,

    /// <summary>A mask is in several pieces.</summary>
    MaskPieces,

    /// <summary>A mask has holes.</summary>
    MaskHoles,

    /// <summary>A mask reaches the border of its photo.</summary>
    MaskAtBorder,

    /// <summary>A mask covers far more or less than the others do.</summary>
    MaskCoverageOutlier,

    /// <summary>A mask is far longer, shorter or raggeder than the others are.</summary>
    MaskShapeOutlier,

    /// <summary>A photo's file is there twice.</summary>
    PhotoDuplicate,

    /// <summary>A photo shows the image of another one, saved anew, scaled, cropped or turned.</summary>
    PhotoNearDuplicate,

    /// <summary>The same photo is in two parts of the data set.</summary>
    PhotoInTwoSplits,

    /// <summary>What is stored of the places of photos cannot be read.</summary>
    SplitUnreadable,

    /// <summary>What is stored of a photo puts it into two parts, so it is in none.</summary>
    SplitDisputed,

    /// <summary>The same photo has two different masks.</summary>
    PhotoWithTwoMasks,

    /// <summary>A model that is right about most photos finds the window elsewhere than this mask says.</summary>
    MaskSuspect,
}
