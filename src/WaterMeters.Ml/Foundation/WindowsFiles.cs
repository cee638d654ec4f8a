using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace WaterMeters.Ml.Foundation;

/// <summary>Files and folders of Windows, opened in the ways that .NET does not offer, and what Windows then tells of them.</summary>
internal static partial class WindowsFiles
{
    /// <summary>Bytes of BY_HANDLE_FILE_INFORMATION.</summary>
    public const int InformationBytes = 52;

    /// <summary>Access to nothing but what the file system tells of every file.</summary>
    public const uint NoAccess = 0;

    /// <summary>FILE_READ_ATTRIBUTES: needs no permission to read, and brings no file of a cloud to this computer.</summary>
    public const uint ReadAttributes = 0x80;

    /// <summary>FILE_FLAG_BACKUP_SEMANTICS: opens folders, too.</summary>
    public const uint AlsoFolders = 0x02000000;

    /// <summary>Opens what is there, links followed, while others read, write and delete it; an invalid handle if it cannot.</summary>
    public static SafeFileHandle Open(string path, uint access, uint flags)
    {
        const uint shareAll = 7, openExisting = 3;
        return CreateFile(SystemPaths.ToExtended(Path.GetFullPath(path)), access, shareAll, 0, openExisting, flags, 0);
    }

    /// <summary>Fills a BY_HANDLE_FILE_INFORMATION.</summary>
    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static unsafe partial bool GetFileInformationByHandle(SafeFileHandle file, byte* information);

    /// <summary>Fills what a FILE_INFO_BY_HANDLE_CLASS asks for.</summary>
    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static unsafe partial bool GetFileInformationByHandleEx(SafeFileHandle file, int kind, byte* information, uint length);

    [LibraryImport("kernel32", EntryPoint = "CreateFileW", StringMarshalling = StringMarshalling.Utf16, SetLastError = true)]
    private static partial SafeFileHandle CreateFile(
        string path, uint access, uint share, nint security, uint creation, uint flags, nint template);
}
