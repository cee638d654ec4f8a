namespace WaterMeters;

/// <summary>A defect that can be planted in a sample data set; each is found by a check of Test-WmsDataset.</summary>
public enum SampleDefect
{
    /// <summary>One of each defect.</summary>
    All,

    /// <summary>A photo that has no mask. Found by PhotoWithoutMask.</summary>
    PhotoWithoutMask,

    /// <summary>A mask that has no photo. Found by MaskWithoutPhoto.</summary>
    MaskWithoutPhoto,

    /// <summary>Two photos that differ only in their extension, with one mask. Found by DuplicateName.</summary>
    DuplicatePhotoName,

    /// <summary>Two masks that differ only in their extension, with one photo. Found by DuplicateName.</summary>
    DuplicateMaskName,

    /// <summary>A photo file of zero bytes. Found by PhotoUnreadable.</summary>
    PhotoEmptyFile,

    /// <summary>A text file named like a photo. Found by PhotoUnreadable.</summary>
    PhotoIsText,

    /// <summary>A truncated photo. Found by PhotoUnreadable.</summary>
    PhotoTruncated,

    /// <summary>A complete photo without its quantization tables, which cannot be decoded. Found by PhotoUnreadable.</summary>
    PhotoDamaged,

    /// <summary>A small file whose header claims 3600 megapixels. Found by PhotoUnreadable.</summary>
    PhotoTooLarge,

    /// <summary>A mask file of zero bytes. Found by MaskUnreadable.</summary>
    MaskEmptyFile,

    /// <summary>A text file named like a mask. Found by MaskUnreadable.</summary>
    MaskIsText,

    /// <summary>A truncated mask. Found by MaskUnreadable.</summary>
    MaskTruncated,

    /// <summary>A mask of twice the width and height of its photo. Found by SizeMismatch.</summary>
    SizeMismatch,

    /// <summary>A photo that EXIF orientation rotates by 90 degrees, with a mask of the stored pixels. Found by MaskOrientation.</summary>
    PhotoOrientation,

    /// <summary>
    /// A photo that its EXIF orientation rotates by 180 degrees, with a mask that has no orientation. Found by OrientationDiffers, as a
    /// warning.
    /// </summary>
    PhotoUpsideDown,

    /// <summary>A mask with an upper-case name, whose photo's name is lower-case. Found by NameCase, as a warning.</summary>
    NameCase,

    /// <summary>A mask with soft edges. Found by MaskNotBinary.</summary>
    MaskNotBinary,

    /// <summary>A mask saved as JPEG, whose values near edges are not 0 or 255. Found by MaskJpeg, as a warning without -Strict.</summary>
    MaskJpeg,

    /// <summary>A mask without foreground. Found by MaskEmpty.</summary>
    MaskEmpty,

    /// <summary>A mask with only a few foreground pixels. Found by MaskNearlyEmpty.</summary>
    MaskNearlyEmpty,

    /// <summary>An inverted mask: everything except the window is foreground. Found by MaskCoverage, as a warning.</summary>
    MaskInverted,

    /// <summary>A mask painted in red. Found by MaskColour.</summary>
    MaskColour,

    /// <summary>A white mask on a transparent background. Found by MaskAlpha, as a warning.</summary>
    MaskAlpha,

    /// <summary>A mask of 16 bits per value. Found by SixteenBit, as a warning.</summary>
    MaskSixteenBit,

    /// <summary>A mask with a palette. Found by Palette, as a warning.</summary>
    MaskPalette,

    /// <summary>A mask cut in two. Found by MaskPieces, as a warning.</summary>
    MaskPieces,

    /// <summary>A mask with a hole in it. Found by MaskHoles, as a warning.</summary>
    MaskHole,

    /// <summary>A photo and its mask, both cropped at the window. Found by MaskAtBorder, as a warning.</summary>
    MaskAtBorder,

    /// <summary>A mask of the whole meter. Found by MaskCoverageOutlier, as a warning, in a set of 20 masks or more.</summary>
    MaskOfWholeMeter,

    /// <summary>A mask that is a line across the photo. Found by MaskShapeOutlier, as a warning, in a set of 20 masks or more.</summary>
    MaskLine,

    /// <summary>A photo that is too dark. Found by PhotoDark, as a warning.</summary>
    PhotoDark,

    /// <summary>An overexposed photo. Found by PhotoBright, as a warning.</summary>
    PhotoBright,

    /// <summary>A photo taken through a fogged lens. Found by PhotoLowInformation, as a warning.</summary>
    PhotoFogged,

    /// <summary>A photo out of focus. Found by PhotoBlurred, as a warning.</summary>
    PhotoBlurred,

    /// <summary>A photo of twice the usual length. Found by PhotoAspectRatio, as a warning.</summary>
    PhotoPanorama,

    /// <summary>A pair and a copy of it. Found by PhotoDuplicate, as a warning.</summary>
    PhotoDuplicate,

    /// <summary>A pair and a copy whose photo was saved again. Found by PhotoNearDuplicate, as a warning.</summary>
    PhotoSavedAgain,

    /// <summary>A pair and a copy rotated by 90 degrees. Found by PhotoNearDuplicate, as a warning.</summary>
    PhotoTurned,

    /// <summary>A photo and a copy of it, saved again, that falls into another part. Found by PhotoInTwoSplits.</summary>
    PhotoInTwoSplits,

    /// <summary>A photo and a copy of it with a different mask. Found by PhotoWithTwoMasks.</summary>
    PhotoWithTwoMasks,

    /// <summary>A mask of label numbers: 0 for the background, 1 for the window. Found by MaskLabels.</summary>
    MaskLabels,

    /// <summary>A photo without the last third of its pixel data, which still decodes. Found by PhotoScanDamaged.</summary>
    PhotoScanDamaged,

    /// <summary>A whole photo without its last two bytes, the end marker. Found by EndMissing, as a warning.</summary>
    PhotoEndMissing,

    /// <summary>A JPEG mask without the last third of its pixel data, which still decodes. Found by MaskScanDamaged.</summary>
    MaskScanDamaged,
}
