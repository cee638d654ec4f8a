using System.Runtime.InteropServices;

namespace WaterMeters.Ml.Runtime;

/// <summary>
/// Keeps big native blocks in the process. glibc hands them back to the kernel at every free, and the page faults that
/// follow cost a network half of its time.
/// </summary>
internal static partial class NativeAllocator
{
    /// <summary>Set to <c>default</c> to leave the allocator as it is.</summary>
    public const string OptOutVariable = "WMS_ALLOCATOR";

    private const int TrimThreshold = -1, TopPad = -2, MmapMax = -4; // malloc.h: M_TRIM_THRESHOLD, M_TOP_PAD, M_MMAP_MAX
    private const int TopPadBytes = 256 * 1024 * 1024;

    private static volatile bool tuned;

    /// <summary>Tunes the allocator of glibc; does nothing elsewhere. Call it once, before the first tensor.</summary>
    /// <returns>Whether the allocator was tuned.</returns>
    public static bool Tune()
    {
        string? wish = Environment.GetEnvironmentVariable(OptOutVariable);
        if (!OperatingSystem.IsLinux() || string.Equals(wish, "default", StringComparison.OrdinalIgnoreCase) || !IsGlibc()) return false;
        return tuned = Mallopt(MmapMax, 0) != 0 && Mallopt(TrimThreshold, int.MaxValue) != 0 && Mallopt(TopPad, TopPadBytes) != 0;
    }

    /// <summary>
    /// Gives back to the system what is free inside the process's blocks. Pages that are needed again cost their faults again, so this
    /// belongs where sizes change and where work ends. Does nothing where the allocator was not tuned.
    /// </summary>
    public static void Trim()
    {
        if (tuned) MallocTrim(0);
    }

    private static bool IsGlibc() =>
        NativeLibrary.TryLoad("libc.so.6", out nint libc) && NativeLibrary.TryGetExport(libc, "gnu_get_libc_version", out _);

    [LibraryImport("libc.so.6", EntryPoint = "mallopt")]
    private static partial int Mallopt(int parameter, int value);

    [LibraryImport("libc.so.6", EntryPoint = "malloc_trim")]
    private static partial int MallocTrim(nuint pad);
}
