namespace WaterMeters.Ops.Tracking.Runs;

/// <summary>
/// A run whose process was killed would stay Running for ever: the next command on the same computer ends it.
/// </summary>
public static class DeadRuns
{
    /// <summary>Marks them as killed. Returns how many there were.</summary>
    /// <exception cref="TrackingException">The store cannot be read or written.</exception>
    public static int MarkKilled(ITrackingStore store, IReadOnlyCollection<string>? experimentIds, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(store);
        var query = new RunQuery
        {
            ExperimentIds = experimentIds,
            Status = RunStatus.Running,
            Tags = new Dictionary<string, string> { [RunTags.Host] = Environment.MachineName },
        };
        int marked = 0;
        foreach (var run in store.ListRuns(query, cancellation).Where(r => RunProcess.IsDead(r.Tags)))
        {
            store.UpdateRun(run.Id, RunStatus.Killed, EndOf(run), cancellation);
            marked++;
        }

        return marked;
    }

    /// <summary>Marks those of all experiments, if the store allows it: a user may see runs of others and not change them.</summary>
    /// <exception cref="TrackingException">The store cannot be reached.</exception>
    public static void MarkKilledIfAllowed(ITrackingStore store, CancellationToken cancellation)
    {
        try
        {
            MarkKilled(store, null, cancellation);
        }
        catch (TrackingException e) when (e.Fault is not (TrackingFault.Unreachable or TrackingFault.Busy))
        {
            // The run that is to be recorded does not depend on them.
        }
    }

    /// <summary>The time of its last metric; when exactly it was killed is not recorded.</summary>
    private static DateTimeOffset EndOf(Run run) => run.Metrics.Values.Select(m => m.Time).Append(run.Start).Max();
}
