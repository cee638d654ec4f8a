using System.Collections.Concurrent;
using System.Management.Automation;
using System.Runtime.ExceptionServices;

namespace WaterMeters.PowerShell.Commands;

/// <summary>
/// Work on a thread of its own, and the way back to the pipeline's thread, the only one that may write: posted actions in their
/// order, and the progress.
/// </summary>
internal sealed class PipelineWorker : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource stop = new();
    private readonly BlockingCollection<Action> posted = new(boundedCapacity: 128);
    private readonly PSCmdlet cmdlet;
    private readonly PipelineProgress progress;
    private readonly Thread thread;
    private static int running;
    private ExceptionDispatchInfo? failure;

    /// <summary>Starts the work.</summary>
    public PipelineWorker(PSCmdlet cmdlet, Action<PipelineWorker> work)
    {
        this.cmdlet = cmdlet;
        progress = new PipelineProgress(cmdlet);
        thread = new Thread(() => Run(work)) { IsBackground = true, Name = "WaterMeters " + cmdlet.GetType().Name };
        thread.Start();
    }

    /// <summary>How many threads of this kind are at work in the process.</summary>
    public static int Running => running;

    /// <summary>Cancelled when the pipeline stops.</summary>
    public CancellationToken Stopping => stop.Token;

    /// <summary>Whether an exception is the one that the work ended with.</summary>
    public bool HasThrown(Exception exception) => ReferenceEquals(failure?.SourceException, exception);

    /// <summary>Has an action run on the pipeline's thread; waits while too many are posted.</summary>
    public void Post(Action action) => posted.Add(action, stop.Token);

    /// <summary>Says what the work does now, to those who ask with -Verbose.</summary>
    public void Verbose(string message) => Post(() => cmdlet.WriteVerbose(message));

    /// <summary>The same, and goes on when it has been said: who reads it knows that nothing of what comes next is done.</summary>
    public void VerboseFirst(string message)
    {
        var said = new TaskCompletionSource();
        Post(() =>
        {
            try
            {
                cmdlet.WriteVerbose(message);
            }
            finally
            {
                said.SetResult();
            }
        });
        said.Task.Wait(stop.Token);
    }

    /// <summary>Sets the progress to show next.</summary>
    public void Report(string what, string status, int percent = -1, int secondsRemaining = -1) => progress.Report(what, status, percent, secondsRemaining);

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

    /// <summary>Runs what is posted, without waiting; throws what the work threw when that has ended, so that a slow source is not read to its end for nothing.</summary>
    public void PumpPosted()
    {
        while (posted.TryTake(out var action)) action();
        progress.Show();
        if (posted.IsCompleted) failure?.Throw();
    }

    /// <summary>Waits for the next posted action, not for long, and runs it; throws what the work threw when that has ended.</summary>
    public void PumpOnce()
    {
        if (posted.TryTake(out var action, Patience)) action();
        progress.Show();
        if (posted.IsCompleted) failure?.Throw();
    }

    /// <summary>Runs what is posted until the work ends, then throws what it threw.</summary>
    public void PumpToEnd()
    {
        while (!posted.IsCompleted)
        {
            if (posted.TryTake(out var action, Patience)) action();
            progress.Show();
        }

        thread.Join();
        progress.Complete();
        failure?.Throw();
    }

    /// <summary>Stops the work and waits for its thread.</summary>
    public void Dispose()
    {
        Stop();
        thread.Join();
        progress.Complete();
        stop.Dispose();
        posted.Dispose();
    }

    private void Run(Action<PipelineWorker> work)
    {
        Interlocked.Increment(ref running);
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
            Interlocked.Decrement(ref running);
            posted.CompleteAdding();
        }
    }
}
