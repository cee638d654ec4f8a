using System.Collections.Concurrent;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Training;

namespace WaterMeters.Ops.Tracking.Runs;

/// <summary>
/// Records trainings in a store, and hands on what it observes. It works on a thread of its own: neither a slow server nor one that fails,
/// at the start or later, costs the training a step. When a server fails, the run is recorded in the local store from its start on, with
/// the address to send it to (<see cref="RunTags.SendTo"/>).
/// </summary>
public sealed class RunRecorder : ITrainingObserver, IDisposable
{
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    private readonly ITrainingObserver inner;
    private readonly RunRecorderOptions options;
    private readonly BlockingCollection<Action> work = [];
    private readonly ConcurrentQueue<string> warnings = [];
    private readonly CancellationTokenSource stop = new();
    private readonly List<RunSession> sessions = []; // of the thread, until it has ended
    private readonly Thread thread;
    private (int Number, int Count) attempt = (1, 1);
    private ITrackingStore? store;
    private RunStatus statusAtStop = RunStatus.Killed;
    private bool isLocal, isLost;

    /// <summary>Starts the thread; the store is opened when a training starts.</summary>
    public RunRecorder(ITrainingObserver inner, RunRecorderOptions options)
    {
        (this.inner, this.options) = (inner, options);
        thread = new Thread(Run) { IsBackground = true, Name = "WaterMeters tracking" };
        thread.Start();
    }

    /// <summary>Where and when what is observed next has happened; null: here and now.</summary>
    internal RunOrigin? Original { get; set; }

    private DateTimeOffset Now => Original?.Time ?? DateTimeOffset.UtcNow;

    /// <inheritdoc/>
    public void AttemptStarted(int attempt, int attempts)
    {
        if (attempt > 0) this.attempt = (attempt, attempts);
        inner.AttemptStarted(attempt, attempts);
    }

    /// <inheritdoc/>
    public void TrainingStarted(TrainingStart start)
    {
        var tags = new Dictionary<string, string>(options.Tags);
        foreach (var (key, value) in TrainingFigures.Tags(start)) tags[key] = value;
        if (Original?.Machine is { } machine) tags[RunTags.Machine] = machine;
        if (attempt.Count > 1) tags[RunTags.Attempt] = FormattableString.Invariant($"{attempt.Number} of {attempt.Count}");
        var session = new RunSession(start, RunName(start), tags, Now);
        Enqueue(() =>
        {
            sessions.Add(session);
            Do(session, () => { });
        });
        inner.TrainingStarted(start);
    }

    /// <inheritdoc/>
    public void EpochEnded(EpochRecord epoch)
    {
        var metrics = TrainingFigures.Metrics(epoch, Now);
        Enqueue(() => Log(sessions[^1], new RunBatch { Metrics = metrics }));
        inner.EpochEnded(epoch);
        PassWarnings();
    }

    /// <inheritdoc/>
    public void TrainingEnded(TrainingResult result)
    {
        var time = Original?.Time;
        Enqueue(() => Finish(sessions[^1], result, time));
        inner.TrainingEnded(result);
        PassWarnings();
    }

    /// <inheritdoc/>
    public void StepEnded(TrainingProgress progress) => inner.StepEnded(progress);

    /// <inheritdoc/>
    public void Verbose(string message) => inner.Verbose(message);

    /// <inheritdoc/>
    public void Information(string message) => inner.Information(message);

    /// <inheritdoc/>
    public void Warn(string message) => inner.Warn(message);

    /// <summary>Waits until everything is recorded.</summary>
    /// <param name="results">The results of all attempts: one is measured on the test photos after the last has ended.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <returns>The runs, in the order of the trainings.</returns>
    public IReadOnlyList<RecordedRun> Complete(IReadOnlyList<TrainingResult> results, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(results);
        var time = Original?.Time;
        Enqueue(() =>
        {
            foreach (var result in results.Where(r => r.Attempts > 1))
            {
                if (sessions.Find(s => s.Start.Options.OutputPath == result.OutputPath) is not { } session) continue;
                if (result.IsBest) Finish(session, result, time);

                // Those that had ended before a server failed stay there as they are.
                if (session.Store != store) continue;
                var isBest = new Dictionary<string, string> { [RunTags.IsBest] = result.IsBest ? "true" : "false" };
                Log(session, new RunBatch { Tags = isBest });
            }
        });
        return Close(RunStatus.Failed, Timeout.InfiniteTimeSpan, cancellation);
    }

    /// <summary>Ends the runs of trainings that did not end by themselves.</summary>
    /// <param name="status">Killed for a stop, Failed for an error.</param>
    /// <param name="limit">How long to wait for the store; what is not recorded by then is left out.</param>
    public IReadOnlyList<RecordedRun> Abort(RunStatus status, TimeSpan limit) => Close(status, limit, CancellationToken.None);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (thread.IsAlive) Abort(RunStatus.Killed, TimeSpan.FromSeconds(2));
        if (thread.IsAlive) return; // it holds what would be disposed
        store?.Dispose();
        work.Dispose();
        stop.Dispose();
    }

    private string RunName(TrainingStart start)
    {
        string folder = Path.TrimEndingDirectorySeparator(start.Options.OutputPath);
        string name = Path.GetFileName(folder);
        if (attempt.Count > 1) name = Path.GetFileName(Path.GetDirectoryName(folder)) + "-" + name;
        name = options.RunName is { } given
            ? given + (attempt.Count > 1 ? FormattableString.Invariant($"-{attempt.Number}") : "")
            : name;
        return name.Length <= TrackingLimits.Name ? name : name[..TrackingLimits.Name];
    }

    private IReadOnlyList<RecordedRun> Close(RunStatus status, TimeSpan limit, CancellationToken cancellation)
    {
        if (!work.IsAddingCompleted)
        {
            // A wait that is cancelled was stopped, whatever the training did.
            statusAtStop = cancellation.CanBeCanceled ? RunStatus.Killed : status;
            Enqueue(() =>
            {
                foreach (var session in sessions.Where(s => !s.HasEnded)) Do(session, () => session.End(status, null, stop.Token));
            });
            work.CompleteAdding();
        }

        using (cancellation.Register(stop.Cancel))
        {
            if (!thread.Join(limit))
            {
                stop.Cancel();
                thread.Join(LastWords + TimeSpan.FromSeconds(0.5));
            }
        }

        PassWarnings();
        return [.. sessions.ToArray().Select(Describe)];
    }

    private RecordedRun Describe(RunSession session) => new()
    {
        OutputPath = session.Start.Options.OutputPath,
        Name = session.Name,
        RunId = session.Run?.Id,
        StoreAddress = session.Store?.Address,
        Page = session is { Store: { } at, Run: { } run } ? at.PageOf(run) : null,
        IsWaiting = session.Store is { IsLocal: true } && options.OpenLocal is not null,
    };

    private void Enqueue(Action action)
    {
        if (!work.IsAddingCompleted) work.Add(action);
    }

    private void PassWarnings()
    {
        while (warnings.TryDequeue(out string? warning)) inner.Warn(warning);
    }

    private void Run()
    {
        foreach (var action in work.GetConsumingEnumerable())
        {
            try
            {
                action();
            }
            catch (OperationCanceledException)
            {
                EndStopped();
                return;
            }
        }
    }

    /// <summary>After a stop: no run stays Running, if the store answers at once.</summary>
    private void EndStopped()
    {
        using var limit = new CancellationTokenSource(LastWords);
        try
        {
            foreach (var session in sessions.Where(s => s is { HasEnded: false, Store: not null, Run: not null }))
            {
                session.End(statusAtStop, null, limit.Token);
            }
        }
        catch (Exception e) when (e is TrackingException or OperationCanceledException)
        {
            // The next command on this computer ends them, once this process is gone.
        }
    }

    private void Log(RunSession session, RunBatch batch)
    {
        Do(session, () => session.Store!.Log(session.Run!.Id, batch, stop.Token));
        session.Keep(batch);
    }

    private void Finish(RunSession session, TrainingResult result, DateTimeOffset? time)
    {
        var metrics = TrainingFigures.Metrics(result, time ?? DateTimeOffset.UtcNow);
        var tags = new Dictionary<string, string> { [RunTags.EndReason] = result.EndReason };
        Log(session, new RunBatch { Metrics = metrics, Tags = tags });
        Do(session, () =>
        {
            var artifacts = session.Store!.ArtifactsOf(session.Run!, stop.Token);
            var written = RunArtifacts.Upload(
                artifacts, session.Run!.Id, result, session.Start.ValidationPhotos, warnings.Enqueue, stop.Token);
            session.Store.Log(session.Run.Id, new RunBatch { Tags = written }, stop.Token);
            session.End(result.StopReason == TrainingStop.Failed ? RunStatus.Failed : RunStatus.Finished, time, stop.Token);
        });
    }

    /// <summary>Does something with a run in the store; when that fails, once more in the local store, which takes over.</summary>
    private void Do(RunSession session, Action action)
    {
        while (!isLost)
        {
            try
            {
                if (session.Store is not null && session.Store != store) session.Leave();
                if (session.Run is null) OpenRun(session);
                action();
                return;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                TakeOver(session, e);
            }
        }
    }

    private void OpenRun(RunSession session)
    {
        if (store is null)
        {
            store = isLocal ? options.OpenLocal!() : options.Open();
            DeadRuns.MarkKilledIfAllowed(store, stop.Token);
        }

        var link = RunLink.Read(session.Start.Options.OutputPath);
        session.Open(store, options.Experiment, session.Start.EpochsDone > 0 ? link : null, stop.Token);
        if (!isLocal || options.OpenLocal is null) return;
        var tags = new Dictionary<string, string> { [RunTags.SendTo] = options.Address };
        if (session.SentAs is { } id) tags[RunTags.SentAs] = id;
        store.Log(session.Run!.Id, new RunBatch { Tags = tags }, stop.Token);
    }

    private void TakeOver(RunSession session, Exception failure)
    {
        bool wasOpen = session.Run is not null;
        session.Leave();
        store?.Dispose();
        store = null;
        if (isLocal || options.OpenLocal is null)
        {
            isLost = true;
            warnings.Enqueue($"The training is not recorded{(wasOpen ? " any more" : "")}: {failure.Sentence()} The training itself " +
                "goes on, and its figures are in its folder.");
            return;
        }

        isLocal = true;
        warnings.Enqueue($"The tracking server failed: {failure.Sentence()} The training goes on, and its run is recorded in the local " +
            "store. Send it later with Sync-WmsRun.");
    }
}
