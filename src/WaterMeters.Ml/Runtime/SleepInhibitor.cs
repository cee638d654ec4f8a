using System.Runtime.InteropServices;

namespace WaterMeters.Ml.Runtime;

/// <summary>
/// Keeps Windows awake while a thread works: without input it goes to sleep after minutes, however busy the processor is. The screen may
/// turn off, and a closed lid or the user still puts it to sleep. Does nothing elsewhere.
/// </summary>
internal sealed partial class SleepInhibitor : IDisposable
{
    /// <summary>winbase.h: ES_CONTINUOUS, until it is set again; alone it ends what was required.</summary>
    internal const uint Continuous = 0x80000000;

    /// <summary>winbase.h: ES_SYSTEM_REQUIRED.</summary>
    internal const uint SystemRequired = 1;

    private readonly Action<uint> setState;

    /// <summary>Keeps the system awake through a function that sets the state of this thread.</summary>
    internal SleepInhibitor(Action<uint> setState)
    {
        this.setState = setState;
        setState(Continuous | SystemRequired);
    }

    /// <summary>Keeps the system awake until it is disposed, on the same thread.</summary>
    public static SleepInhibitor Start() => new(state =>
    {
        if (OperatingSystem.IsWindows()) _ = SetThreadExecutionState(state);
    });

    /// <inheritdoc/>
    public void Dispose() => setState(Continuous);

    /// <summary>Sets what this thread requires. Returns what it required before, or 0 when it failed.</summary>
    [LibraryImport("kernel32")]
    internal static partial uint SetThreadExecutionState(uint state);
}
