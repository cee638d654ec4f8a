namespace WaterMeters.Ml.Datasets;

/// <summary>What a data set is checked for. The names are the identifiers that findings carry, and do not change.</summary>
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

    /// <summary>A photo cannot be decoded.</summary>
    PhotoUnreadable,

    /// <summary>A mask cannot be decoded.</summary>
    MaskUnreadable,

    /// <summary>A mask has another size than its photo.</summary>
    SizeMismatch,

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
}
