namespace WaterMeters.Ml.Datasets.Facts;

/// <summary>What tells without reading a file whether it is still the one that was read.</summary>
/// <param name="Length">Its bytes.</param>
/// <param name="WriteTicks">When it was last written, in ticks of UTC.</param>
internal readonly record struct FileStamp(long Length, long WriteTicks)
{
    /// <summary>The coarsest file systems tell times apart by two seconds.</summary>
    private static readonly TimeSpan Granularity = TimeSpan.FromSeconds(2);

    /// <summary>The stamp of a file, or of the file that a link leads to; null when there is none to be had.</summary>
    public static FileStamp? TryRead(string path)
    {
        try
        {
            FileSystemInfo file = new FileInfo(path);
            if (file.Exists && file.Attributes.HasFlag(FileAttributes.ReparsePoint) && file.LinkTarget is not null) file = file.ResolveLinkTarget(returnFinalTarget: true) ?? file;
            return file is FileInfo { Exists: true } found ? new FileStamp(found.Length, found.LastWriteTimeUtc.Ticks) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>
    /// Whether a file that is written anew from <paramref name="now"/> on gets another stamp: not while it is so young that the new time may
    /// come out as the old one.
    /// </summary>
    public bool IsSettled(DateTime now) => WriteTicks <= (now - Granularity).Ticks;
}
