namespace WaterMeters.Ops.Machines;

/// <summary>Pauses between questions about something that takes a while: short at first, at most 5 seconds.</summary>
/// <param name="time">The clock.</param>
/// <param name="limit">How long to wait altogether.</param>
internal sealed class Pauses(TimeProvider time, TimeSpan limit)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private readonly long start = time.GetTimestamp();
    private TimeSpan next = TimeSpan.FromSeconds(0.25);

    /// <summary>Time since the beginning.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(start);

    /// <summary>Waits for the next question; false when the time is over.</summary>
    public bool Wait(CancellationToken stop)
    {
        if (Elapsed >= limit) return false;
        Task.Delay(next, time, stop).GetAwaiter().GetResult();
        next = next * 2 < Longest ? next * 2 : Longest;
        return true;
    }

    /// <summary>Waits longer altogether: something else took this time.</summary>
    public void Extend(TimeSpan more) => limit += more;

    /// <summary>Begins with short pauses again: something has changed.</summary>
    public void Reset() => next = TimeSpan.FromSeconds(0.25);
}
