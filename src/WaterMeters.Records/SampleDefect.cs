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

    /// <summary>A photo that its EXIF orientation turns, with a mask that was drawn before it was turned. Found by SizeMismatch.</summary>
    PhotoOrientation,

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
}
