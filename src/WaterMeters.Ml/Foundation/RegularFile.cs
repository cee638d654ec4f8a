using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace WaterMeters.Ml.Foundation;

/// <summary>
/// Opens files, and nothing else. A named pipe called x.jpg would block the program that opens it until someone writes to it, and a
/// device could never end, so both are recognized by their directory entry alone.
/// </summary>
internal static partial class RegularFile
{
    private const int TypeMask = 0xf000, Regular = 0x8000, Folder = 0x4000;

    /// <summary>Opens a file; what is not a regular file is not opened.</summary>
    /// <exception cref="IOException">The path names a named pipe, device or socket, or the file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">Access is denied, or the path names a folder.</exception>
    public static FileStream Open(string path, FileStreamOptions options)
    {
        Require(path);
        return new FileStream(path, options);
    }

    /// <summary>Checks that a path does not name a named pipe, device or socket. A missing file and a folder pass.</summary>
    /// <exception cref="IOException">It names one of them; the message says which.</exception>
    public static void Require(string path)
    {
        if (Describe(path) is { } kind) throw new IOException($"It is {kind}, not a file.");
    }

    /// <summary>Returns what a path names, such as "a named pipe"; null for a file, a folder, and what does not exist.</summary>
    public static string? Describe(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return path.StartsWith(@"\\.\pipe\", StringComparison.OrdinalIgnoreCase) ? "a named pipe"
                : path.StartsWith(@"\\.\", StringComparison.Ordinal) ? "a device"
                : SystemPaths.IsDeviceName(path) ? "the name of a device in Windows" : null;
        }

        return (FileType(path) & TypeMask) switch
        {
            0 or Regular or Folder => null,
            0x1000 => "a named pipe",
            0xc000 => "a socket",
            _ => "a device",
        };
    }

    /// <summary>Returns the type bits of the file's mode, links followed; 0 if they are unknown.</summary>
    private static int FileType(string path)
    {
        // The layout is that of .NET's own shim, the same on every system: flags, mode, and so on, 4 bytes each.
        Span<byte> status = stackalloc byte[512];
        status.Clear();
        try
        {
            return Stat(path, ref MemoryMarshal.GetReference(status)) == 0 ? BinaryPrimitives.ReadInt32LittleEndian(status[4..]) : 0;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or ArgumentException)
        {
            return 0;
        }
    }

    [LibraryImport("libSystem.Native", EntryPoint = "SystemNative_Stat", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat(string path, ref byte status);
}
