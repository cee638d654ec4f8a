namespace WaterMeters.Ml.Imaging;

/// <summary>How far the bytes at hand went in reading a header.</summary>
internal enum HeaderStatus
{
    /// <summary>The header is whole.</summary>
    Found,

    /// <summary>The bytes end inside the header.</summary>
    NeedsMore,

    /// <summary>No further byte could make this an image.</summary>
    Damaged,
}
