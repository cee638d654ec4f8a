namespace WaterMeters.Tests.Cloud;

/// <summary>A clock that stands still until somebody waits: then it jumps to the end of the waiting, and nobody has waited.</summary>
public sealed class CloudClock : TimeProvider
{
    private readonly Lock changing = new();
    private DateTimeOffset now;

    public CloudClock(DateTimeOffset? start = null) => now = start ?? new DateTimeOffset(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Called after each jump.</summary>
    public event Action? Jumped;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (changing) return now;
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => GetUtcNow().Ticks;

    /// <summary>Moves the clock.</summary>
    public void Advance(TimeSpan by)
    {
        lock (changing) now += by;
        Jumped?.Invoke();
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new Jump(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Jump(CloudClock clock, TimerCallback callback, object? state) : ITimer
    {
        private volatile bool isEnded;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime < TimeSpan.Zero) return true; // never

            // Not on this thread: whoever waits has not stored the timer yet.
            ThreadPool.QueueUserWorkItem(_ =>
            {
                if (isEnded) return;
                clock.Advance(dueTime);
                callback(state);
            });
            return true;
        }

        public void Dispose() => isEnded = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
