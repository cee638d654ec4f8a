using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ops.Tracking.Runs;

/// <summary>Lists the runs of a store for people: the newest first, with the names of their experiments.</summary>
public static class RunList
{
    /// <summary>Lists runs. Runs whose process has ended are marked as killed first, if the store lets that happen.</summary>
    /// <param name="store">The store.</param>
    /// <param name="filter">Which runs.</param>
    /// <param name="verbose">Called with what nobody needs to act on.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="TrackingException">The store cannot be read, or a required experiment does not exist.</exception>
    public static IReadOnlyList<TrackedRun> Read(
        ITrackingStore store, RunFilter filter, Action<string> verbose, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(filter);
        var experiments = Experiments(store, filter, cancellation);
        if (experiments.Count == 0) return [];
        EndDeadRuns(store, [.. experiments.Keys], verbose, cancellation);
        var query = new RunQuery
        {
            ExperimentIds = [.. experiments.Keys],
            Status = filter.States.Count == 1 ? filter.States.First() : null,
            Limit = filter.MatchesName is null && filter.States.Count <= 1 ? filter.First : null,
        };
        return Select(store, store.ListRuns(query, cancellation), experiments, filter);
    }

    /// <summary>Lists the runs in the local store that wait for a server, the newest first; running ones too.</summary>
    /// <exception cref="TrackingException">The store cannot be read.</exception>
    public static IReadOnlyList<TrackedRun> ReadWaiting(
        ITrackingStore local, string serverAddress, RunFilter filter, Action<string> verbose, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(local);
        ArgumentNullException.ThrowIfNull(filter);
        var experiments = Experiments(local, filter with { RequiresExperiment = false }, cancellation);
        if (experiments.Count == 0) return [];
        EndDeadRuns(local, [.. experiments.Keys], verbose, cancellation);
        var query = new RunQuery
        {
            ExperimentIds = [.. experiments.Keys],
            Tags = new Dictionary<string, string> { [RunTags.SendTo] = serverAddress },
        };
        return Select(local, local.ListRuns(query, cancellation), experiments, filter);
    }

    /// <summary>Reads one run.</summary>
    /// <exception cref="TrackingException">There is none, it was deleted, or the store cannot be read.</exception>
    public static TrackedRun Read(ITrackingStore store, string runId, Action<string> verbose, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(store);
        var run = store.GetRun(runId, cancellation);
        if (run is { Status: RunStatus.Running, IsDeleted: false } && RunProcess.IsDead(run.Tags))
        {
            EndDeadRuns(store, [run.ExperimentId], verbose, cancellation);
            run = store.GetRun(runId, cancellation);
        }

        return TrackedRuns.From(run, store, NameOf(store, run.ExperimentId, cancellation));
    }

    /// <summary>Reads all values of a run's metrics, in the order of their names, steps and times.</summary>
    /// <exception cref="TrackingException">The store cannot be read.</exception>
    public static IEnumerable<RunMetric> Metrics(ITrackingStore store, string runId, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(store);
        var run = store.GetRun(runId, cancellation);
        return
            from key in run.Metrics.Keys.Order(StringComparer.Ordinal)
            from metric in store.GetMetricHistory(runId, key, cancellation)
            select new RunMetric
            {
                RunName = run.Name, RunId = run.Id, Metric = metric.Key, Step = metric.Step, Value = metric.Value,
                Time = metric.Time.LocalDateTime,
            };
    }

    /// <summary>Returns the name of an experiment; its identifier if it was deleted.</summary>
    public static string NameOf(ITrackingStore store, string experimentId, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.ListExperiments(cancellation).FirstOrDefault(e => e.Id == experimentId)?.Name ?? experimentId;
    }

    /// <summary>Marks the runs as killed whose process has ended; that it fails costs a command nothing.</summary>
    public static void EndDeadRuns(
        ITrackingStore store, IReadOnlyCollection<string>? experimentIds, Action<string> verbose, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(verbose);
        try
        {
            int ended = DeadRuns.MarkKilled(store, experimentIds, cancellation);
            if (ended > 0) verbose(FormattableString.Invariant($"Marked {ended} runs as killed: their processes have ended."));
        }
        catch (TrackingException e)
        {
            verbose($"Runs whose process has ended are still running in '{store.Address}': {e.Sentence()}");
        }
    }

    private static Dictionary<string, string> Experiments(ITrackingStore store, RunFilter filter, CancellationToken cancellation)
    {
        IReadOnlyList<Experiment> found = filter.Experiment is { } name
            ? store.FindExperiment(name, cancellation) is { } one ? [one] : []
            : [.. store.ListExperiments(cancellation).Where(e => filter.MatchesExperiment?.Invoke(e.Name) ?? true)];
        if (found.Count > 0 || !filter.RequiresExperiment || filter.Experiment is null) return found.ToDictionary(e => e.Id, e => e.Name);
        string[] others = [.. store.ListExperiments(cancellation).Select(e => $"'{e.Name}'")];
        throw new TrackingException(
            TrackingFault.NotFound,
            filter.Experiment,
            $"There is no experiment '{filter.Experiment}' in '{store.Address}'. " +
                (others.Length == 0 ? "Train one with Start-WmsTraining." : $"Choose one of {string.Join(", ", others.Take(10))}."));
    }

    private static TrackedRun[] Select(
        ITrackingStore store, IReadOnlyList<Run> runs, Dictionary<string, string> experiments, RunFilter filter) =>
    [
        .. runs
            .Where(r => (filter.MatchesName?.Invoke(r.Name) ?? true) && (filter.States.Count == 0 || filter.States.Contains(r.Status)))
            .Take(filter.First ?? int.MaxValue)
            .Select(r => TrackedRuns.From(r, store, experiments[r.ExperimentId])),
    ];
}
