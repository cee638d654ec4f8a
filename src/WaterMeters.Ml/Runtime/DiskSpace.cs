using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Runtime;

/// <summary>The room on the disk that a path lies on.</summary>
public static class DiskSpace
{
    // ENOSPC, the same on Linux and macOS; ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL of Windows.
    private const int NoSpace = 28, DiskFull = unchecked((int)0x80070070), HandleDiskFull = unchecked((int)0x80070027);

    /// <summary>Free bytes for this user where <paramref name="path"/> lies or would lie; null when the system does not say, as for a network share.</summary>
    public static long? Free(string path)
    {
        string? folder = Path.GetFullPath(path);
        while (folder is not null && !Directory.Exists(folder)) folder = Path.GetDirectoryName(folder);
        try
        {
            // Windows knows drives by their roots; elsewhere any folder stands for the file system it lies on.
            return folder is null ? null : new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(folder)! : folder).AvailableFreeSpace;
        }
        catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Whether writing failed because the disk is full.</summary>
    public static bool IsFull(Exception fault) => fault is IOException && fault.HResult is NoSpace or DiskFull or HandleDiskFull;

    /// <summary>Makes sure that so many bytes fit.</summary>
    /// <exception cref="RuntimeInstallationException">They do not.</exception>
    public static void Demand(string path, long bytes)
    {
        if (Free(path) is { } free && free < bytes)
        {
            throw new RuntimeInstallationException(RuntimeInstallationFault.DiskFull, path, FormattableString.Invariant(
                $"'{path}' needs {Megabytes.FromBytes(bytes):0} MB, and its disk has {Megabytes.FromBytes(free):0} MB free. Make room, or name a folder on another disk with -Path."));
        }
    }
}
