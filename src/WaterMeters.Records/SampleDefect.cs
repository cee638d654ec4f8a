namespace WaterMeters;

/// <summary>A fault that a drawn data set can be given: one of each kind that Test-WmsDataset finds in a pair.</summary>
public enum SampleDefect
{
    /// <summary>One of each.</summary>
    All,

    /// <summary>A photo that has no mask. Found by PhotoWithoutMask.</summary>
    PhotoWithoutMask,

    /// <summary>A mask that has no photo. Found by MaskWithoutPhoto.</summary>
    MaskWithoutPhoto,

    /// <summary>Two photos that differ in their extension only, with one mask. Found by DuplicateName.</summary>
    DuplicatePhotoName,

    /// <summary>Two masks that differ in their extension only, with one photo. Found by DuplicateName.</summary>
    DuplicateMaskName,

    /// <summary>A photo's file without a byte in it. Found by PhotoUnreadable.</summary>
    PhotoEmptyFile,

    /// <summary>A text with the name of a photo. Found by PhotoUnreadable.</summary>
    PhotoIsText,

    /// <summary>A photo whose copy stopped half way. Found by PhotoUnreadable.</summary>
    PhotoTruncated,

    /// <summary>A whole photo without the tables to decode it by. Found by PhotoUnreadable.</summary>
    PhotoDamaged,

    /// <summary>A small file whose header claims 3600 megapixels. Found by PhotoUnreadable.</summary>
    PhotoTooLarge,

    /// <summary>A mask's file without a byte in it. Found by MaskUnreadable.</summary>
    MaskEmptyFile,

    /// <summary>A text with the name of a mask. Found by MaskUnreadable.</summary>
    MaskIsText,

    /// <summary>A mask whose copy stopped half way. Found by MaskUnreadable.</summary>
    MaskTruncated,

    /// <summary>A mask twice as large as its photo. Found by SizeMismatch.</summary>
    SizeMismatch,

    /// <summary>A photo that its EXIF orientation turns, with a mask that was drawn before it was turned. Found by MaskOrientation.</summary>
    PhotoOrientation,

    /// <summary>A photo that its EXIF orientation turns by half, and a mask without one. Found by OrientationDiffers, as a warning.</summary>
    PhotoUpsideDown,

    /// <summary>A mask whose name is written in capitals, and its photo's is not. Found by NameCase, as a warning.</summary>
    NameCase,

    /// <summary>A mask with a soft edge. Found by MaskNotBinary.</summary>
    MaskNotBinary,

    /// <summary>A mask saved as JPEG, with other values than 0 and 255 near its edges. Found by MaskJpeg, as a warning unless -Strict.</summary>
    MaskJpeg,

    /// <summary>A mask of zeros. Found by MaskEmpty.</summary>
    MaskEmpty,

    /// <summary>A mask of a few pixels. Found by MaskNearlyEmpty.</summary>
    MaskNearlyEmpty,

    /// <summary>A mask of everything but the window. Found by MaskCoverage, as a warning.</summary>
    MaskInverted,

    /// <summary>A mask painted in red. Found by MaskColour.</summary>
    MaskColour,

    /// <summary>A mask of white on transparent. Found by MaskAlpha, as a warning.</summary>
    MaskAlpha,

    /// <summary>A mask of 16 bits a value. Found by SixteenBit, as a warning.</summary>
    MaskSixteenBit,

    /// <summary>A mask with a palette. Found by Palette, as a warning.</summary>
    MaskPalette,

    /// <summary>A mask cut in two. Found by MaskPieces, as a warning.</summary>
    MaskPieces,

    /// <summary>A mask with a hole in it. Found by MaskHoles, as a warning.</summary>
    MaskHole,

    /// <summary>A photo cropped up to its window, and its mask with it. Found by MaskAtBorder, as a warning.</summary>
    MaskAtBorder,

    /// <summary>A mask of the whole meter. Found by MaskCoverageOutlier, as a warning, among 20 masks or more.</summary>
    MaskOfWholeMeter,

    /// <summary>A mask that is a line across the photo. Found by MaskShapeOutlier, as a warning, among 20 masks or more.</summary>
    MaskLine,

    /// <summary>A photo taken without light. Found by PhotoDark, as a warning.</summary>
    PhotoDark,

    /// <summary>A photo exposed far too long. Found by PhotoBright, as a warning.</summary>
    PhotoBright,

    /// <summary>A photo through a fogged lens. Found by PhotoLowInformation, as a warning.</summary>
    PhotoFogged,

    /// <summary>A photo out of focus. Found by PhotoBlurred, as a warning.</summary>
    PhotoBlurred,

    /// <summary>A photo twice as long as a camera takes it. Found by PhotoAspectRatio, as a warning.</summary>
    PhotoPanorama,

    /// <summary>A pair that is there twice. Found by PhotoDuplicate, as a warning.</summary>
    PhotoDuplicate,

    /// <summary>A pair whose photo is there once more, saved anew. Found by PhotoNearDuplicate, as a warning.</summary>
    PhotoSavedAgain,

    /// <summary>A pair that is there once more, turned by a quarter. Found by PhotoNearDuplicate, as a warning.</summary>
    PhotoTurned,

    /// <summary>A photo saved anew that belongs to another part than the first. Found by PhotoInTwoSplits.</summary>
    PhotoInTwoSplits,

    /// <summary>A photo that is there twice, with two masks. Found by PhotoWithTwoMasks.</summary>
    PhotoWithTwoMasks,
}
