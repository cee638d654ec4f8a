using System.Runtime.InteropServices;
using WaterMeters.Ml.Runtime;

namespace WaterMeters.Ml.Imaging;

/// <summary>
/// Large blocks of native memory that are returned to the system when freed. On Linux they come from mmap, because
/// <see cref="NativeAllocator"/> configures malloc to keep freed memory. The heap of Windows takes a block of more than a megabyte from
/// the system and returns it when it is freed, so malloc serves there.
/// </summary>
internal static unsafe partial class PageMemory
{
    // mman.h on Linux: PROT_READ, PROT_WRITE, MAP_PRIVATE, MAP_ANONYMOUS.
    private const int ReadAndWrite = 1 | 2, PrivateAnonymous = 2 | 0x20;
    private const nint Failed = -1;

    /// <summary>Allocates a block; its content is undefined.</summary>
    /// <exception cref="OutOfMemoryException">The system has not enough memory.</exception>
    public static nint Allocate(long bytes)
    {
        if (!OperatingSystem.IsLinux()) return (nint)NativeMemory.Alloc((nuint)bytes);
        nint address = Map(0, (nuint)bytes, ReadAndWrite, PrivateAnonymous, -1, 0);
        return address != Failed
            ? address
            : throw new OutOfMemoryException($"Out of memory: cannot allocate {bytes >> 20} MB for an image.");
    }

    /// <summary>Frees a block; <paramref name="bytes"/> is the size it was allocated with.</summary>
    public static void Free(nint address, long bytes)
    {
        if (OperatingSystem.IsLinux()) _ = Unmap(address, (nuint)bytes);
        else NativeMemory.Free((void*)address);
    }

    [LibraryImport("libc.so.6", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc.so.6", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nuint length);
}
