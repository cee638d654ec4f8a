using System.Globalization;
using System.Text;
using WaterMeters.Ml.Training;
using WaterMeters.Ops.Tracking.Runs;

namespace WaterMeters.Ops.Jobs;

/// <summary>
/// Sends the progress of a training from the machine, on a thread of its own: a connection that breaks costs the training nothing. The
/// lines go into parts that are written once each; the last step has an object of its own, so that hours of training are not thousands of
/// parts. The same thread sees that the job is to stop.
/// </summary>
internal sealed class JobFeed : ITrainingObserver, IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1), LongestPause = TimeSpan.FromSeconds(30);

    private readonly JobStore store;
    private readonly Action whenStopped;
    private readonly Lock adding = new();
    private readonly List<JobEvent> pending = [];
    private readonly StringBuilder log = new();
    private readonly CancellationTokenSource ending = new(), giveUp = new();
    private readonly Thread thread;
    private JobEvent[] batch = [];
    private JobEvent? step;
    private int part;

    /// <summary>Starts the thread.</summary>
    /// <param name="store">The objects of the job.</param>
    /// <param name="whenStopped">Called once when the job is to stop.</param>
    public JobFeed(JobStore store, Action whenStopped)
    {
        (this.store, this.whenStopped) = (store, whenStopped);
        thread = new Thread(Run) { IsBackground = true, Name = "WaterMeters job" };
        thread.Start();
    }

    /// <summary>The messages so far, a line each.</summary>
    public byte[] Log
    {
        get
        {
            lock (adding) return Encoding.UTF8.GetBytes(log.ToString());
        }
    }

    /// <summary>Adds an event.</summary>
    public void Add(JobEvent added)
    {
        added = added with { Time = DateTimeOffset.UtcNow };
        lock (adding)
        {
            if (added.Kind == JobEventKind.Step)
            {
                step = added; // only the last matters
                return;
            }

            pending.Add(added);
            if (added.Kind is JobEventKind.Start or JobEventKind.Epoch or JobEventKind.End) return;
            log.Append(CultureInfo.InvariantCulture, $"{added.Time:u} {added.Kind} {added.Text}\n");
        }
    }

    /// <summary>Sends what is left; waits until it is sent.</summary>
    /// <param name="limit">How long to try.</param>
    public void End(TimeSpan limit)
    {
        ending.Cancel();
        if (thread.Join(limit)) return;
        giveUp.Cancel();
        thread.Join();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        End(TimeSpan.Zero);
        ending.Dispose();
        giveUp.Dispose();
    }

    /// <inheritdoc/>
    public void AttemptStarted(int attempt, int attempts) =>
        Add(new JobEvent { Kind = JobEventKind.Attempt, Attempt = attempt, Attempts = attempts });

    /// <inheritdoc/>
    public void TrainingStarted(TrainingStart start) => Add(
        new JobEvent { Kind = JobEventKind.Start, Start = start, Machine = TrainingFigures.Machine });

    /// <inheritdoc/>
    public void TrainingEnded(TrainingResult result) => Add(new JobEvent { Kind = JobEventKind.End, Result = result });

    /// <inheritdoc/>
    public void StepEnded(TrainingProgress progress) => Add(new JobEvent { Kind = JobEventKind.Step, Step = progress });

    /// <inheritdoc/>
    public void EpochEnded(EpochRecord epoch) => Add(new JobEvent { Kind = JobEventKind.Epoch, Epoch = epoch });

    /// <inheritdoc/>
    public void Verbose(string message) => Add(new JobEvent { Kind = JobEventKind.Verbose, Text = message });

    /// <inheritdoc/>
    public void Information(string message) => Add(new JobEvent { Kind = JobEventKind.Information, Text = message });

    /// <inheritdoc/>
    public void Warn(string message) => Add(new JobEvent { Kind = JobEventKind.Warning, Text = message });

    private void Run()
    {
        bool isStopped = false;
        var pause = Period;
        while (true)
        {
            bool isLast = ending.Token.WaitHandle.WaitOne(pause);
            try
            {
                Send();
                if (isLast) return;
                pause = Period;
                if (isStopped || store.Read(JobStore.Stop, giveUp.Token) is null) continue;
                isStopped = true;
                whenStopped();
            }
            catch (InfrastructureException)
            {
                // The lines are kept, and sent later.
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
                if (isLast && giveUp.Token.WaitHandle.WaitOne(pause)) return;
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private void Send()
    {
        // A batch whose answer was lost may have arrived: the same is sent again, so that no line comes twice.
        if (batch.Length == 0)
        {
            lock (adding) batch = [.. pending];
            if (batch.Length == 0)
            {
                SendStep();
                return;
            }
        }

        if (part == 0) part = JobStore.NumberOf(store.List(JobStore.Progress, null, giveUp.Token).LastOrDefault()) + 1;
        byte[] content = [.. batch.SelectMany(one => (byte[])[.. JobJson.Bytes(one), (byte)'\n'])];
        while (!store.TryCreate(JobStore.Part(part), content, giveUp.Token)) part++; // one that was killed has written it meanwhile
        part++;
        lock (adding) pending.RemoveRange(0, batch.Length);
        batch = [];
    }

    private void SendStep()
    {
        JobEvent? last;
        lock (adding) (last, step) = (step, null);
        if (last is not null) store.Write(JobStore.Step, JobJson.Bytes(last), giveUp.Token);
    }
}
