namespace WaterMeters.Ml.Datasets.Facts;

/// <summary>Size and write time of a file, to detect changes without reading it.</summary>
/// <param name="Length">Size in bytes.</param>
/// <param name="WriteTicks">Time of the last write, in ticks of UTC.</param>
internal readonly record struct FileStamp(long Length, long WriteTicks)
{
    /// <summary>The resolution of write times on the coarsest file systems.</summary>
    private static readonly TimeSpan Granularity = TimeSpan.FromSeconds(2);

    /// <summary>Returns the stamp of a file, or of the target of a link; null when it cannot be read.</summary>
    public static FileStamp? TryRead(string path)
    {
        try
        {
            FileSystemInfo file = new FileInfo(path);
            if (file.Exists && file.Attributes.HasFlag(FileAttributes.ReparsePoint) && file.LinkTarget is not null)
            {
                file = file.ResolveLinkTarget(returnFinalTarget: true) ?? file;
            }

            return file is FileInfo { Exists: true } found ? new FileStamp(found.Length, found.LastWriteTimeUtc.Ticks) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>
    /// Returns whether a write after <paramref name="now"/> gives the file another stamp. It may not if the file is so recent that both
    /// write times round to the same value.
    /// </summary>
    public bool IsSettled(DateTime now) => WriteTicks <= (now - Granularity).Ticks;
}
