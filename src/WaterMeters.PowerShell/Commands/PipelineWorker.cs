using System.Collections.Concurrent;
using System.Management.Automation;
using System.Runtime.ExceptionServices;
using WaterMeters.PowerShell.Errors;

namespace WaterMeters.PowerShell.Commands;

/// <summary>
/// Runs work on a thread of its own and carries its output to the pipeline's thread, the only one that may write: posted actions in
/// order, and the progress.
/// </summary>
internal sealed class PipelineWorker : IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource stop = new();
    private readonly BlockingCollection<Action> posted = new(boundedCapacity: 128);
    private readonly SemaphoreSlim ahead = new(2);
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

    /// <summary>Number of worker threads running in the process.</summary>
    public static int Running => running;

    /// <summary>Token that is cancelled when the pipeline stops.</summary>
    public CancellationToken Stopping => stop.Token;

    /// <summary>Returns whether an exception is the one that ended the work.</summary>
    public bool HasThrown(Exception exception) => ReferenceEquals(failure?.SourceException, exception);

    /// <summary>Queues an action for the pipeline's thread; blocks while the queue is full.</summary>
    public void Post(Action action) => posted.Add(action, stop.Token);

    /// <summary>
    /// Queues an action, and first waits until at most two earlier ones are not yet done: what a stop finds done ahead of the pipeline
    /// stays little.
    /// </summary>
    public void PostInStep(Action action)
    {
        ahead.Wait(stop.Token);
        Post(() =>
        {
            ahead.Release();
            action();
        });
    }

    /// <summary>Writes a verbose message.</summary>
    public void Verbose(string message) => Post(() => cmdlet.WriteVerbose(message));

    /// <summary>Writes a verbose message and returns once it is written: a reader knows that nothing after it has been done.</summary>
    public void VerboseFirst(string message)
    {
        var written = new TaskCompletionSource();
        Post(() =>
        {
            try
            {
                cmdlet.WriteVerbose(message);
            }
            finally
            {
                written.SetResult();
            }
        });
        written.Task.Wait(stop.Token);
    }

    /// <summary>Writes a warning.</summary>
    public void Warn(string message) => Post(() => cmdlet.WriteWarning(message));

    /// <summary>Writes a non-terminating error.</summary>
    public void Error(Exception exception) => Post(() => cmdlet.WriteError(WmsErrors.From(exception)));

    /// <summary>Sets the progress to show next.</summary>
    public void Report(string work, string status, int percent = -1, int secondsRemaining = -1) =>
        progress.Report(work, status, percent, secondsRemaining);

    /// <summary>Sets the progress to show next, as a count: "12 of 40 photos".</summary>
    public void ReportCount(string work, int done, int total, string unit) =>
        progress.Report(work, $"{done} of {total} {unit}", percent: (int)(100L * done / Math.Max(1, total)), secondsRemaining: -1);

    /// <summary>Stops the work; safe from any thread.</summary>
    public void Stop()
    {
        try
        {
            stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has already ended.
        }
    }

    /// <summary>
    /// Runs the queued actions without waiting; throws the work's exception once it has ended, so that the cmdlet does not keep reading a
    /// slow source in vain.
    /// </summary>
    public void PumpPosted()
    {
        while (posted.TryTake(out var action)) action();
        progress.Show();
        if (posted.IsCompleted) failure?.Throw();
    }

    /// <summary>Waits briefly for the next action and runs it; throws the work's exception once it has ended.</summary>
    public void PumpOnce()
    {
        if (posted.TryTake(out var action, PollInterval)) action();
        progress.Show();
        if (posted.IsCompleted) failure?.Throw();
    }

    /// <summary>Runs the queued actions until the work ends, then throws its exception, if any.</summary>
    public void PumpToEnd()
    {
        while (!posted.IsCompleted)
        {
            if (posted.TryTake(out var action, PollInterval)) action();
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
        ahead.Dispose();
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
