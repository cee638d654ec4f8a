using System.Runtime.InteropServices;

namespace WaterMeters.Ml.Foundation;

/// <summary>
/// Which file or folder a path leads to, whatever it is called: through symbolic links, junctions, bind mounts and mapped drives, and in
/// any case of letters. Device and inode on Unix, volume and file number on Windows.
/// </summary>
public readonly partial record struct FileIdentity
{
    private FileIdentity(ulong volume, UInt128 file) => (Volume, File) = (volume, file);

    private ulong Volume { get; }

    private UInt128 File { get; }

    /// <summary>Returns the identity of what a path leads to; null when nothing is there, or when the system does not tell.</summary>
    public static FileIdentity? Of(string path)
    {
        try
        {
            if (OperatingSystem.IsLinux()) return OnLinux(path);
            if (OperatingSystem.IsMacOS()) return OnMacOS(path);
            return OperatingSystem.IsWindows() ? OnWindows(path) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException
            or EntryPointNotFoundException or DllNotFoundException)
        {
            return null;
        }
    }

    /// <summary>
    /// Returns whether two paths lead to the same file or folder. One that does not exist yet is compared by its folder and its name, in
    /// any case of letters: names that differ only in case are one file on Windows and macOS.
    /// </summary>
    public static bool IsSame(string path, string other)
    {
        string one = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        string two = Path.TrimEndingDirectorySeparator(Path.GetFullPath(other));
        if (string.Equals(one, two, StringComparison.OrdinalIgnoreCase)) return true;
        if (Of(one) is { } first && Of(two) is { } second) return first == second;
        if (!string.Equals(Path.GetFileName(one), Path.GetFileName(two), StringComparison.OrdinalIgnoreCase)) return false;
        return Path.GetDirectoryName(one) is { } folder && Path.GetDirectoryName(two) is { } otherFolder && IsSame(folder, otherFolder);
    }

    /// <summary>Returns whether a path, which need not exist, leads to a folder or into it.</summary>
    public static bool IsInside(string path, string folder)
    {
        for (string? current = Real(path); current is not null; current = Path.GetDirectoryName(current))
        {
            if (IsSame(current, folder)) return true;
        }

        return false;
    }

    /// <summary>Returns the absolute path without links in it; a part that does not exist stays as it is.</summary>
    internal static string Real(string path)
    {
        string absolute = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        for (int links = 0; links < 40; links++)
        {
            if (FirstLink(absolute) is not var (link, target)) break;
            absolute = Path.GetFullPath(target + absolute[link.Length..]);
        }

        return absolute;
    }

    private static (string Link, string Target)? FirstLink(string path)
    {
        if (Path.GetDirectoryName(path) is not { } parent) return null;
        if (FirstLink(parent) is { } above) return above;
        try
        {
            return new DirectoryInfo(path).ResolveLinkTarget(returnFinalTarget: false) is { } target ? (path, target.FullName) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static unsafe FileIdentity? OnLinux(string path)
    {
        const int currentFolder = -100; // AT_FDCWD
        const uint inode = 0x100; // STATX_INO
        byte* status = stackalloc byte[256];
        if (StatX(currentFolder, path, 0, inode, status) != 0) return null;

        // struct statx is the same on every processor: stx_ino at 32, stx_dev_major and stx_dev_minor at 136.
        return new(*(ulong*)(status + 136), *(ulong*)(status + 32));
    }

    private static unsafe FileIdentity? OnMacOS(string path)
    {
        byte* status = stackalloc byte[256];
        bool isArm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;
        if ((isArm ? Stat(path, status) : Stat64(path, status)) != 0) return null;

        // struct stat with 64-bit inodes: st_dev at 0, st_ino at 8.
        return new(*(uint*)status, *(ulong*)(status + 8));
    }

    private static unsafe FileIdentity? OnWindows(string path)
    {
        const int idInfo = 18; // FileIdInfo of FILE_INFO_BY_HANDLE_CLASS
        using var handle = WindowsFiles.Open(path, WindowsFiles.NoAccess, WindowsFiles.AlsoFolders);
        if (handle.IsInvalid) return null;

        // FILE_ID_INFO: the volume in 8 bytes, the file in 16, all of which ReFS needs. A file system without it has 8 for the file.
        // BY_HANDLE_FILE_INFORMATION: dwVolumeSerialNumber at 28, nFileIndexHigh and nFileIndexLow at 44 and 48.
        byte* information = stackalloc byte[WindowsFiles.InformationBytes];
        FileIdentity? found = WindowsFiles.GetFileInformationByHandleEx(handle, idInfo, information, 24)
            ? new(*(ulong*)information, new UInt128(*(ulong*)(information + 16), *(ulong*)(information + 8)))
            : WindowsFiles.GetFileInformationByHandle(handle, information)
                ? new(*(uint*)(information + 28), ((ulong)*(uint*)(information + 44) << 32) | *(uint*)(information + 48))
                : null;

        // Some network file systems have no numbers, and say 0 for every file.
        return found is { } identity && identity.File != UInt128.Zero ? identity : null;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int StatX(int folder, string path, int flags, uint mask, byte* status);

    [LibraryImport("libc", EntryPoint = "stat", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Stat(string path, byte* status);

    [LibraryImport("libc", EntryPoint = "stat$INODE64", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Stat64(string path, byte* status);
}
