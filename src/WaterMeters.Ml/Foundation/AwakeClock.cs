using System.Diagnostics;
using System.Runtime.InteropServices;

namespace WaterMeters.Ml.Foundation;

/// <summary>
/// A clock that never jumps, and stands still while the computer sleeps. <see cref="Stopwatch"/> is such a clock except on Windows, where
/// it counts the time asleep: after a night with a closed lid, a training would seem to need days.
/// </summary>
internal static partial class AwakeClock
{
    private static readonly bool HasOwn = OperatingSystem.IsWindows()
        && NativeLibrary.TryLoad("kernelbase", out nint library)
        && NativeLibrary.TryGetExport(library, nameof(QueryUnbiasedInterruptTimePrecise), out _);

    /// <summary>The time since some moment before this process started.</summary>
    public static TimeSpan Now
    {
        get
        {
            if (!HasOwn) return Stopwatch.GetElapsedTime(0);
            QueryUnbiasedInterruptTimePrecise(out long ticks);
            return TimeSpan.FromTicks(ticks);
        }
    }

    [LibraryImport("kernelbase")]
    private static partial void QueryUnbiasedInterruptTimePrecise(out long ticks);
}
