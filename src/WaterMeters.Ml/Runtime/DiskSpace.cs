using System.Runtime.InteropServices;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Runtime;

/// <summary>Free space on the disk of a path.</summary>
public static partial class DiskSpace
{
    // ENOSPC, the same on Linux and macOS; ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL of Windows.
    private const int NoSpace = 28, DiskFull = unchecked((int)0x80070070), HandleDiskFull = unchecked((int)0x80070027);

    /// <summary>
    /// Returns the bytes free for this user on the disk of <paramref name="path"/>, which need not exist; null when unknown. On Windows
    /// the path can be on a network share, or in a folder that another volume is mounted at.
    /// </summary>
    public static long? Free(string path)
    {
        string? folder = Path.GetFullPath(path);
        while (folder is not null && !Directory.Exists(folder)) folder = Path.GetDirectoryName(folder);
        try
        {
            if (folder is null) return null;
            if (!OperatingSystem.IsWindows()) return new DriveInfo(folder).AvailableFreeSpace;
            // The root of a drive has its separator already; in this form, Windows takes no second one.
            string full = SystemPaths.ToExtended(folder);
            if (!Path.EndsInDirectorySeparator(full)) full += Path.DirectorySeparatorChar;
            return GetDiskFreeSpace(full, out ulong free, 0, 0) ? (long)Math.Min(free, long.MaxValue) : null;
        }
        catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Returns whether writing failed because the disk is full.</summary>
    public static bool IsFull(Exception fault) => fault is IOException && fault.HResult is NoSpace or DiskFull or HandleDiskFull;

    /// <summary>Checks that the disk of a path has this many bytes free.</summary>
    /// <exception cref="RuntimeInstallationException">The disk has less free space.</exception>
    public static void Require(string path, long bytes)
    {
        if (Free(path) is { } free && free < bytes)
        {
            throw new RuntimeInstallationException(RuntimeInstallationFault.DiskFull, path, FormattableString.Invariant(
                $"'{path}' needs {Megabytes.FromBytes(bytes):0} MB, but its disk has only {Megabytes.FromBytes(free):0} MB free. ") +
                "Free disk space, or choose a folder on another disk with -OutputPath.");
        }
    }

    [LibraryImport("kernel32", EntryPoint = "GetDiskFreeSpaceExW", StringMarshalling = StringMarshalling.Utf16, SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetDiskFreeSpace(string folder, out ulong free, nint all, nint allFree);
}
