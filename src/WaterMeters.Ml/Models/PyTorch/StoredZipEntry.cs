namespace WaterMeters.Ml.Models.PyTorch;

/// <summary>One file inside a zip, stored as it is.</summary>
/// <param name="Name">Its path inside the zip, with slashes.</param>
/// <param name="Offset">Where its bytes begin in the zip.</param>
/// <param name="Length">How many there are.</param>
/// <param name="Checksum">Their CRC-32; 0 where the writer computed none.</param>
internal sealed record StoredZipEntry(string Name, long Offset, long Length, uint Checksum)
{
    /// <summary>Whether the bytes have been held against the checksum.</summary>
    public bool Verified { get; set; }
}
