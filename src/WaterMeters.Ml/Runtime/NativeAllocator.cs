using System.Runtime.InteropServices;

namespace WaterMeters.Ml.Runtime;

/// <summary>
/// Keeps large native blocks in the process. By default glibc returns them to the kernel at every free, and the resulting page faults
/// cost a network half of its time. On Windows libtorch brings an allocator of its own (mimalloc, in c10.dll), which keeps freed blocks for
/// a moment; it exports no function to tune or trim it, and reads its own variables, as MIMALLOC_PURGE_DELAY.
/// </summary>
internal static partial class NativeAllocator
{
    /// <summary>The environment variable that keeps the default allocator when set to <c>default</c>.</summary>
    public const string OptOutVariable = "WMS_ALLOCATOR";

    private const int TrimThreshold = -1, TopPad = -2, MmapMax = -4; // malloc.h: M_TRIM_THRESHOLD, M_TOP_PAD, M_MMAP_MAX
    private const int TopPadBytes = 256 * 1024 * 1024;

    private static volatile bool tuned;

    /// <summary>Tunes the allocator of glibc; does nothing elsewhere. Call once, before the first tensor.</summary>
    /// <returns>Whether the allocator was tuned.</returns>
    public static bool Tune()
    {
        string? choice = Environment.GetEnvironmentVariable(OptOutVariable);
        if (!OperatingSystem.IsLinux() || string.Equals(choice, "default", StringComparison.OrdinalIgnoreCase) || !IsGlibc()) return false;
        return tuned = Mallopt(MmapMax, 0) != 0 && Mallopt(TrimThreshold, int.MaxValue) != 0 && Mallopt(TopPad, TopPadBytes) != 0;
    }

    /// <summary>
    /// Returns free memory to the system. Pages that are needed again cost page faults again, so call it where tensor sizes change and
    /// where work ends. Does nothing when the allocator was not tuned.
    /// </summary>
    public static void Trim()
    {
        if (tuned) _ = MallocTrim(0);
    }

    private static bool IsGlibc() =>
        NativeLibrary.TryLoad("libc.so.6", out nint libc) && NativeLibrary.TryGetExport(libc, "gnu_get_libc_version", out _);

    [LibraryImport("libc.so.6", EntryPoint = "mallopt")]
    private static partial int Mallopt(int parameter, int value);

    [LibraryImport("libc.so.6", EntryPoint = "malloc_trim")]
    private static partial int MallocTrim(nuint pad);
}
