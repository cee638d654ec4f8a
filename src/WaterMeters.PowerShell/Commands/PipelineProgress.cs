using System.Diagnostics;
using System.Management.Automation;

namespace WaterMeters.PowerShell.Commands;

/// <summary>
/// The progress of one piece of work: the latest of what it reports, at most five times a second, under an activity of its
/// own, never falling, and taken away at the end.
/// </summary>
internal sealed class PipelineProgress(PSCmdlet cmdlet)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    // Far from the small numbers that scripts give to their own bars.
    private static int lastActivity = 0x57_4D_53_00;

    private readonly int activity = Interlocked.Increment(ref lastActivity);
    private ProgressRecord? latest, shown;
    private long shownAt;

    /// <summary>Sets what to show next; safe from any thread.</summary>
    /// <param name="what">The work.</param>
    /// <param name="status">How far it is, in words.</param>
    /// <param name="percent">How far it is; -1 when that is not known.</param>
    /// <param name="secondsRemaining">How long it will take; -1 when that is not known.</param>
    public void Report(string what, string status, int percent, int secondsRemaining) =>
        Volatile.Write(ref latest, new ProgressRecord(activity, what, status) { PercentComplete = percent, SecondsRemaining = secondsRemaining });

    /// <summary>Shows the latest; on the pipeline's thread.</summary>
    public void Show()
    {
        if (Volatile.Read(ref latest) is not { } next || ReferenceEquals(next, shown) || Stopwatch.GetElapsedTime(shownAt) < Interval) return;
        next.PercentComplete = Math.Clamp(next.PercentComplete, shown?.PercentComplete ?? -1, 100);
        cmdlet.CommandRuntime.WriteProgress(activity, next);
        (shown, shownAt) = (next, Stopwatch.GetTimestamp());
    }

    /// <summary>Takes the bar away, once; on the pipeline's thread.</summary>
    public void Complete()
    {
        if (shown is null) return;
        var last = new ProgressRecord(activity, shown.Activity, "done") { RecordType = ProgressRecordType.Completed };
        shown = latest = null;

        // Cmdlet.WriteProgress takes nothing once the cmdlet's turn is over. This takes it, but for a pipeline that is stopped:
        // there the host alone is left, and a bar would stand until the next prompt.
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
