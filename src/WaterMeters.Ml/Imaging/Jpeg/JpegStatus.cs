namespace WaterMeters.Ml.Imaging.Jpeg;

/// <summary>What the codes of a JPEG file say about its pixels.</summary>
internal enum JpegStatus
{
    /// <summary>The kind of coding is not checked here: arithmetic coding, 12 bits, or tables that are not in the file.</summary>
    Unchecked,

    /// <summary>Every block of the image is there, up to the end marker.</summary>
    Whole,

    /// <summary>Every block of the image is there, but the file ends before the end marker.</summary>
    WholeWithoutEnd,

    /// <summary>Blocks are missing or impossible, or data are left over.</summary>
    Damaged,

    /// <summary>The file ends before the image does.</summary>
    Cut,
}
