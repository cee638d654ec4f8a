using System.Runtime.InteropServices;
using WaterMeters.Ml.Runtime;

namespace WaterMeters.Ml.Imaging;

/// <summary>
/// Large blocks of native memory that go back to the system when they are freed. On Linux they come from the kernel and not
/// from malloc, which <see cref="NativeAllocator"/> has told to keep whatever is freed.
/// </summary>
internal static unsafe partial class PageMemory
{
    private const int ReadAndWrite = 1 | 2, PrivateAnonymous = 2 | 0x20; // mman.h on Linux: PROT_READ, PROT_WRITE, MAP_PRIVATE, MAP_ANONYMOUS
    private const nint Failed = -1;

    /// <summary>Takes a block; what is in it is not defined.</summary>
    /// <exception cref="OutOfMemoryException">The system has no such block.</exception>
    public static nint Allocate(long bytes)
    {
        if (!OperatingSystem.IsLinux()) return (nint)NativeMemory.Alloc((nuint)bytes);
        nint address = Map(0, (nuint)bytes, ReadAndWrite, PrivateAnonymous, -1, 0);
        return address != Failed ? address : throw new OutOfMemoryException($"The system has no {bytes >> 20} MB of memory for an image.");
    }

    /// <summary>Gives a block back; <paramref name="bytes"/> is what it was taken with.</summary>
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
