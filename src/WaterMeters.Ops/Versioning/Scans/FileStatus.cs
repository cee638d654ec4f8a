using System.Runtime.InteropServices;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ops.Versioning.Scans;

/// <summary>
/// Size, times and number of a file, which tell without reading it that it has not changed. On Linux and Windows also the time of the
/// last change of any kind, which programs do not set back.
/// </summary>
/// <param name="Size">Bytes.</param>
/// <param name="Written">Time of the last write, in nanoseconds or ticks.</param>
/// <param name="Changed">Time of the last change; 0 where the system does not tell.</param>
/// <param name="Number">Number of the file in its file system (inode); 0 where the system does not tell.</param>
internal readonly partial record struct FileStatus(long Size, long Written, long Changed, ulong Number)
{
    private const uint BasicStatus = 0x7ff; // STATX_BASIC_STATS
    private const long SecondOnLinux = 1_000_000_000;
    private const ushort TypeMask = 0xf000, RegularFile = 0x8000;

    // Times advance with the clock of the kernel, every 4 ms or so; of a file system that counts in seconds, with two of them.
    private const long FineStep = 50_000_000, CoarseStep = 2_100_000_000;

    /// <summary>Returns the status of a file, links followed; null if there is none, or if it is not a file.</summary>
    public static unsafe FileStatus? TryRead(string path)
    {
        if (OperatingSystem.IsLinux())
        {
            const int currentFolder = -100; // AT_FDCWD
            byte* status = stackalloc byte[256];
            if (StatX(currentFolder, path, 0, BasicStatus, status) != 0) return null;

            // struct statx: stx_mode at 28, stx_ino at 32, stx_size at 40, stx_ctime at 96, stx_mtime at 112; times are 8 + 4 bytes.
            if ((*(ushort*)(status + 28) & TypeMask) != RegularFile) return null;
            return new(*(long*)(status + 40), Time(status + 112), Time(status + 96), *(ulong*)(status + 32));
        }

        return OperatingSystem.IsWindows() ? ReadOnWindows(path) ?? ReadAnywhere(path) : ReadAnywhere(path);
    }

    /// <summary>Returns the time of the system's clock, in the unit of <see cref="Written"/>.</summary>
    public static long Now() => OperatingSystem.IsLinux()
        ? (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100
        : DateTime.UtcNow.Ticks;

    /// <summary>
    /// Returns whether a write after <paramref name="now"/> gives the file another status. It may not if the file is so recent that both
    /// writes have the same time.
    /// </summary>
    public bool IsSettled(long now)
    {
        long unit = OperatingSystem.IsLinux() ? 1 : 100;
        bool isCoarse = Written % (SecondOnLinux / unit) == 0;
        return Written <= now - (isCoarse ? CoarseStep : FineStep) / unit;
    }

    // What every system tells.
    private static FileStatus? ReadAnywhere(string path)
    {
        try
        {
            FileSystemInfo file = new FileInfo(path);
            if (file.Exists && file.LinkTarget is not null) file = file.ResolveLinkTarget(returnFinalTarget: true) ?? file;
            return file is FileInfo { Exists: true } found ? new(found.Length, found.LastWriteTimeUtc.Ticks, 0, 0) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static unsafe FileStatus? ReadOnWindows(string path)
    {
        const uint folder = 0x10; // FILE_ATTRIBUTE_DIRECTORY
        const int basicInfo = 0; // FileBasicInfo of FILE_INFO_BY_HANDLE_CLASS
        using var handle = WindowsFiles.Open(path, WindowsFiles.ReadAttributes, 0);
        if (handle.IsInvalid) return null;

        // BY_HANDLE_FILE_INFORMATION: attributes at 0, last write at 20, size at 32 and 36, number at 44 and 48; high halves first.
        byte* file = stackalloc byte[WindowsFiles.InformationBytes];
        if (!WindowsFiles.GetFileInformationByHandle(handle, file) || (*(uint*)file & folder) != 0) return null;
        long written = *(uint*)(file + 20) | ((long)*(uint*)(file + 24) << 32);

        // FILE_BASIC_INFO: four times of 8 bytes, of which the last is that of any change, and the attributes.
        long* times = stackalloc long[5];
        long changed = WindowsFiles.GetFileInformationByHandleEx(handle, basicInfo, (byte*)times, 40) ? times[3] : 0;
        return new(
            ((long)*(uint*)(file + 32) << 32) | *(uint*)(file + 36),
            DateTime.FromFileTimeUtc(written).Ticks,
            changed,
            ((ulong)*(uint*)(file + 44) << 32) | *(uint*)(file + 48));
    }

    private static unsafe long Time(byte* at) => *(long*)at * SecondOnLinux + *(uint*)(at + 8);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int StatX(int folder, string path, int flags, uint mask, byte* status);
}
