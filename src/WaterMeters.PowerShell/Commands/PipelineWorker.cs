using System.Collections.Concurrent;
using System.Diagnostics;
using System.Management.Automation;
using System.Runtime.ExceptionServices;

namespace WaterMeters.PowerShell.Commands;

/// <summary>
/// Work on a thread of its own, and the way back to the pipeline's thread, the only one that may write: posted actions in their
/// order, and of the progress the latest value, about five times a second.
/// </summary>
internal sealed class PipelineWorker : IDisposable
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource stop = new();
    private readonly BlockingCollection<Action> posted = new(boundedCapacity: 128);
    private readonly Cmdlet cmdlet;
    private readonly Thread thread;
    private ExceptionDispatchInfo? failure;
    private ProgressRecord? progress, shown;
    private long shownAt;

    /// <summary>Starts the work.</summary>
    public PipelineWorker(Cmdlet cmdlet, Action<PipelineWorker> work)
    {
        this.cmdlet = cmdlet;
        thread = new Thread(() => Run(work)) { IsBackground = true, Name = "WaterMeters " + cmdlet.GetType().Name };
        thread.Start();
    }

    /// <summary>Cancelled when the pipeline stops.</summary>
    public CancellationToken Stopping => stop.Token;

    /// <summary>Whether someone watches the progress: not in a log.</summary>
    public static bool HasTerminal { get; } = !Console.IsOutputRedirected && !Console.IsErrorRedirected;

    /// <summary>Has an action run on the pipeline's thread; waits while too many are posted.</summary>
    public void Post(Action action) => posted.Add(action, stop.Token);

    /// <summary>Sets the progress to show next.</summary>
    public void Report(ProgressRecord record)
    {
        if (HasTerminal) Volatile.Write(ref progress, record);
    }

    /// <summary>Stops the work; safe from any thread.</summary>
    public void Stop()
    {
        try
        {
            stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Over already.
        }
    }

    /// <summary>Runs what is posted, without waiting.</summary>
    public void PumpPosted()
    {
        while (posted.TryTake(out var action)) action();
        ShowProgress();
    }

    /// <summary>Waits for the next posted action, not for long, and runs it; throws what the work threw when that has ended.</summary>
    public void PumpOnce()
    {
        if (posted.TryTake(out var action, ProgressInterval)) action();
        ShowProgress();
        if (posted.IsCompleted) failure?.Throw();
    }

    /// <summary>Runs what is posted until the work ends, then throws what it threw.</summary>
    public void PumpToEnd()
    {
        while (!posted.IsCompleted)
        {
            if (posted.TryTake(out var action, ProgressInterval)) action();
            ShowProgress();
        }

        thread.Join();
        if (shown is not null) cmdlet.WriteProgress(new ProgressRecord(shown.ActivityId, shown.Activity, "done") { RecordType = ProgressRecordType.Completed });
        failure?.Throw();
    }

    /// <summary>Stops the work and waits for its thread.</summary>
    public void Dispose()
    {
        Stop();
        thread.Join();
        stop.Dispose();
        posted.Dispose();
    }

    private void Run(Action<PipelineWorker> work)
    {
        try
        {
            work(this);
        }
        catch (Exception e)
        {
            failure = ExceptionDispatchInfo.Capture(e);
        }
        finally
        {
            posted.CompleteAdding();
        }
    }

    private void ShowProgress()
    {
        if (Volatile.Read(ref progress) is not { } latest || ReferenceEquals(latest, shown) || Stopwatch.GetElapsedTime(shownAt) < ProgressInterval) return;
        cmdlet.WriteProgress(latest);
        (shown, shownAt) = (latest, Stopwatch.GetTimestamp());
    }
}
