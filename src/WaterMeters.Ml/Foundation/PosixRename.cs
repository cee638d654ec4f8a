using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace WaterMeters.Ml.Foundation;

/// <summary>
/// Replaces a file on Windows while others have the old one open: they keep it until they close it, as on Unix, provided that they share
/// deletion, which this module and most readers do. NTFS and ReFS can since Windows 10; a read-only file is replaced too.
/// </summary>
internal static unsafe partial class PosixRename
{
    private const uint Delete = 0x00010000, OpenLink = 0x00200000; // FILE_FLAG_OPEN_REPARSE_POINT
    private const int RenameInfoEx = 22; // FileRenameInfoEx of FILE_INFO_BY_HANDLE_CLASS
    private const uint Replace = 1, PosixSemantics = 2, IgnoreReadOnly = 0x40;

    /// <summary>Offsets in FILE_RENAME_INFO of 64-bit systems: flags, folder, length of the name in bytes, the name.</summary>
    private const int LengthAt = 16, NameAt = 20;

    /// <summary>Moves a file over another. False if the system or the file system cannot, or refuses.</summary>
    public static bool TryReplace(string from, string to)
    {
        if (!OperatingSystem.IsWindows() || !Environment.Is64BitProcess || Directory.Exists(to)) return false;
        using var handle = WindowsFiles.Open(from, Delete, OpenLink);
        if (handle.IsInvalid) return false;
        string name = SystemPaths.ToExtended(Path.GetFullPath(to));
        int bytes = name.Length * sizeof(char);
        byte[] information = new byte[NameAt + bytes + sizeof(char)];
        fixed (byte* first = information)
        {
            *(uint*)first = Replace | PosixSemantics | IgnoreReadOnly;
            *(int*)(first + LengthAt) = bytes;
            name.AsSpan().CopyTo(new Span<char>(first + NameAt, name.Length));
            return SetFileInformationByHandle(handle, RenameInfoEx, first, (uint)information.Length);
        }
    }

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool SetFileInformationByHandle(SafeFileHandle file, int kind, byte* information, uint length);
}
