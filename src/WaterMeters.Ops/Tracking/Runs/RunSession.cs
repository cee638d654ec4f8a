using WaterMeters.Ml.Training;

namespace WaterMeters.Ops.Tracking.Runs;

/// <summary>One training's run: everything that was logged to it so far, and the store that has it.</summary>
internal sealed class RunSession(TrainingStart start, string name, IReadOnlyDictionary<string, string> tags, DateTimeOffset began)
{
    private readonly List<RunBatch> logged = [];

    /// <summary>The name of the run.</summary>
    public string Name => name;

    /// <summary>The training.</summary>
    public TrainingStart Start => start;

    /// <summary>The store; null while there is none.</summary>
    public ITrackingStore? Store { get; private set; }

    /// <summary>The run; null while there is none.</summary>
    public Run? Run { get; private set; }

    /// <summary>Whether its end is in the store.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>The run on the server, if the local store takes over from one that was created there.</summary>
    public string? SentAs { get; set; }

    /// <summary>Creates the run in a store, or continues the one of a resumed training, and logs what there is.</summary>
    public void Open(ITrackingStore store, string experiment, RunLink? link, CancellationToken cancellation)
    {
        Run = link is not null && link.TrackingUri == store.Address ? Continued(store, link.RunId, tags, cancellation) : null;
        bool isNew = Run is null;
        Run ??= store.CreateRun(
            new NewRun
            {
                ExperimentId = store.GetOrCreateExperiment(experiment, cancellation).Id,
                Name = name,
                Start = began,
                User = Environment.UserName,
                Tags = tags,
            },
            cancellation);
        Store = store;

        // A resumed training has the settings it started with, or was told to differ: a parameter never changes in a run.
        var parameters = TrainingFigures.Parameters(start);
        if (!isNew) parameters = parameters.Where(p => !Run.Parameters.ContainsKey(p.Key)).ToDictionary();
        store.Log(Run.Id, new RunBatch { Parameters = parameters }, cancellation);
        if (logged.Count > 0)
        {
            store.Log(Run.Id, new RunBatch { Metrics = [.. logged.SelectMany(b => b.Metrics)], Tags = Merge(logged) }, cancellation);
        }

        new RunLink(store.Address, Run.Id).Write(start.Options.OutputPath);
    }

    /// <summary>Keeps a batch, so that another store can take over.</summary>
    public void Keep(RunBatch batch) => logged.Add(batch);

    /// <summary>Marks the end.</summary>
    /// <param name="status">How it ended.</param>
    /// <param name="time">When; null: now.</param>
    /// <param name="cancellation">Stops the work.</param>
    public void End(RunStatus status, DateTimeOffset? time, CancellationToken cancellation)
    {
        Store!.UpdateRun(Run!.Id, status, time ?? DateTimeOffset.UtcNow, cancellation);
        HasEnded = true;
    }

    /// <summary>Leaves the store it is in, because that failed.</summary>
    public void Leave() => (SentAs, Store, Run, HasEnded) = (Run?.Id ?? SentAs, null, null, false);

    private static Run? Continued(
        ITrackingStore store, string runId, IReadOnlyDictionary<string, string> tags, CancellationToken cancellation)
    {
        try
        {
            var run = store.GetRun(runId, cancellation);
            if (run.IsDeleted) return null;

            // This process first: another command would end a running one whose process is dead.
            store.Log(runId, new RunBatch { Tags = tags }, cancellation);
            return store.UpdateRun(runId, RunStatus.Running, null, cancellation);
        }
        catch (TrackingException e) when (e.Fault is TrackingFault.NotFound or TrackingFault.Deleted)
        {
            return null;
        }
    }

    private static Dictionary<string, string> Merge(IEnumerable<RunBatch> batches)
    {
        var merged = new Dictionary<string, string>();
        foreach (var (key, value) in batches.SelectMany(b => b.Tags)) merged[key] = value;
        return merged;
    }
}
