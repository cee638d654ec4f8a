using System.Diagnostics;
using System.Management.Automation;

namespace WaterMeters.PowerShell.Commands;

/// <summary>
/// The progress bar of one piece of work. It shows the latest report at most five times a second, under an activity of its own, never
/// moves backward, and is removed at the end.
/// </summary>
internal sealed class PipelineProgress(PSCmdlet cmdlet)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    // Far from the small numbers that scripts give their own progress bars.
    private static int lastActivity = 0x57_4D_53_00;

    private readonly int activity = Interlocked.Increment(ref lastActivity);
    private ProgressRecord? latest, shown;
    private long shownAt;

    /// <summary>Sets what to show next; safe from any thread.</summary>
    /// <param name="work">The name of the work.</param>
    /// <param name="status">The progress in words.</param>
    /// <param name="percent">The progress in percent; -1 if unknown.</param>
    /// <param name="secondsRemaining">The time left in seconds; -1 if unknown.</param>
    public void Report(string work, string status, int percent, int secondsRemaining) => Volatile.Write(
        ref latest, new ProgressRecord(activity, work, status) { PercentComplete = percent, SecondsRemaining = secondsRemaining });

    /// <summary>Shows the latest report; on the pipeline's thread.</summary>
    public void Show()
    {
        if (Volatile.Read(ref latest) is not { } next || ReferenceEquals(next, shown)) return;
        if (Stopwatch.GetElapsedTime(shownAt) < Interval) return;
        next.PercentComplete = Math.Clamp(next.PercentComplete, shown?.PercentComplete ?? -1, 100);
        cmdlet.CommandRuntime.WriteProgress(activity, next);
        (shown, shownAt) = (next, Stopwatch.GetTimestamp());
    }

    /// <summary>Removes the bar, once; on the pipeline's thread.</summary>
    public void Complete()
    {
        if (shown is null) return;
        var last = new ProgressRecord(activity, shown.Activity, "done") { RecordType = ProgressRecordType.Completed };
        shown = latest = null;

        // Cmdlet.WriteProgress fails once the cmdlet's turn is over; CommandRuntime accepts it, except in a stopped pipeline. There only
        // the host is left: without it the bar would stay until the next prompt.
        try
        {
            cmdlet.CommandRuntime.WriteProgress(activity, last);
        }
        catch (PipelineStoppedException)
        {
            cmdlet.Host?.UI?.WriteProgress(activity, last);
        }
    }
}
