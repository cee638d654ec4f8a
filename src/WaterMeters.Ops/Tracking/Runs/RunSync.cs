using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Models;
using WaterMeters.Ops.Tracking.Sqlite;

namespace WaterMeters.Ops.Tracking.Runs;

/// <summary>Sends runs that wait in the local store to the server that could not be reached. Running it again continues.</summary>
public static class RunSync
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Lists the runs that have ended and wait for a server, the oldest first.</summary>
    public static IReadOnlyList<Run> Waiting(ITrackingStore local, string serverAddress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(local);
        var query = new RunQuery { Tags = new Dictionary<string, string> { [RunTags.SendTo] = serverAddress } };
        return [.. local.ListRuns(query, cancellation).Where(r => r.Status is not (RunStatus.Running or RunStatus.Scheduled)).Reverse()];
    }

    /// <summary>Counts the runs that wait for other servers, by their addresses.</summary>
    public static IReadOnlyDictionary<string, int> WaitingForOthers(
        ITrackingStore local, string serverAddress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(local);
        return local.ListRuns(new RunQuery(), cancellation)
            .Select(r => r.Tags.GetValueOrDefault(RunTags.SendTo, ""))
            .Where(address => address.Length > 0 && address != serverAddress)
            .GroupBy(address => address, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count());
    }

    /// <summary>Reads a run that is to be sent, whether it waits or not.</summary>
    /// <exception cref="TrackingException">There is no such run, it was deleted, or it has not ended.</exception>
    public static Run Find(ITrackingStore local, string runId, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(local);
        var run = local.GetRun(runId, cancellation);
        if (run.IsDeleted)
        {
            throw new TrackingException(
                TrackingFault.Deleted,
                runId,
                $"The run '{runId}' was deleted. Restore it: mlflow runs restore --run-id {runId}, with " +
                    $"MLFLOW_TRACKING_URI={local.Address}.");
        }

        if (run.Status is not (RunStatus.Running or RunStatus.Scheduled)) return run;
        throw new TrackingException(
            TrackingFault.Refused, runId, $"The run '{run.Name}' has not ended. Wait until its training has ended, then send it.");
    }

    /// <summary>Sends one run: parameters, tags, all metric values, files, state and times.</summary>
    /// <param name="local">The store that has it.</param>
    /// <param name="run">The run.</param>
    /// <param name="server">The store that gets it.</param>
    /// <param name="experiment">Name of the experiment there.</param>
    /// <param name="cancellation">Stops between two requests; the next call continues.</param>
    /// <returns>The run on the server.</returns>
    /// <exception cref="TrackingException">A store failed; what was sent is kept.</exception>
    public static Run Send(ITrackingStore local, Run run, ITrackingStore server, string experiment, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(local);
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(server);

        // Another process may have sent it since it was listed.
        using var taken = Take(local, run);
        bool waited = Waits(run);
        run = local.GetRun(run.Id, cancellation);
        if (waited && !Waits(run) && Existing(run, server, cancellation) is { } there) return there;
        var tags = run.Tags.Where(t => t.Key is not (RunTags.SendTo or RunTags.SentAs)).ToDictionary();
        var sent = Existing(run, server, cancellation);
        if (sent is null)
        {
            sent = server.CreateRun(
                new NewRun
                {
                    ExperimentId = server.GetOrCreateExperiment(experiment, cancellation).Id,
                    Name = run.Name,
                    Start = run.Start,
                    User = run.User,
                    Tags = tags,
                },
                cancellation);
            Tag(local, run, RunTags.SentAs, sent.Id, cancellation);
        }

        tags = tags.ToDictionary(t => t.Key, t => t.Key == MlflowTags.LoggedModels ? OnServer(t.Value) : t.Value);
        Metric[] metrics = [.. run.Metrics.Keys.SelectMany(key => Unsent(key))];
        server.Log(sent.Id, new RunBatch { Metrics = metrics, Parameters = run.Parameters, Tags = tags }, cancellation);
        SendFiles(local.ArtifactsOf(run, cancellation), server.ArtifactsOf(sent, cancellation), OnServer, cancellation);
        sent = server.UpdateRun(sent.Id, run.Status, run.End ?? run.Start, cancellation);
        Tag(local, run, RunTags.SendTo, "", cancellation);
        MoveLink(local, run, server, sent);
        return sent;

        // What names the run by its identifier names that of the server.
        string OnServer(string text) => text.Replace(run.Id, sent!.Id, StringComparison.Ordinal);

        // A server keeps an equal value twice.
        IEnumerable<Metric> Unsent(string key) => sent.Metrics.ContainsKey(key)
            ? local.GetMetricHistory(run.Id, key, cancellation).Except(server.GetMetricHistory(sent.Id, key, cancellation))
            : local.GetMetricHistory(run.Id, key, cancellation);
    }

    private static bool Waits(Run run) => run.Tags.GetValueOrDefault(RunTags.SendTo, "").Length > 0;

    /// <summary>Takes a run, which two processes would otherwise create twice on the server.</summary>
    private static FileLock? Take(ITrackingStore local, Run run)
    {
        if (local is not SqliteTrackingStore { Path: var database }) return null;
        try
        {
            return FileLock.Take($"{database}-sending-{run.Id}", Patience) ?? throw new TrackingException(
                TrackingFault.Busy, run.Id, $"Another process is sending the run '{run.Name}'. Try again when it has finished.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrackingException(
                TrackingFault.Refused, run.Id, $"Cannot write beside '{database}': {e.Sentence()} Fix the permissions of its folder.", e);
        }
    }

    private static Run? Existing(Run run, ITrackingStore server, CancellationToken cancellation)
    {
        if (run.Tags.GetValueOrDefault(RunTags.SentAs) is not { Length: > 0 } id) return null;
        try
        {
            var sent = server.GetRun(id, cancellation);
            return sent.IsDeleted ? null : sent;
        }
        catch (TrackingException e) when (e.Fault == TrackingFault.NotFound)
        {
            return null;
        }
    }

    private static void SendFiles(IArtifactFolder from, IArtifactFolder to, Func<string, string> onServer, CancellationToken cancellation)
    {
        var there = to.List("", cancellation).ToDictionary(a => a.Path, a => a.Size);
        foreach (var file in from.List("", cancellation))
        {
            if (there.TryGetValue(file.Path, out var size) && size == file.Size) continue;
            bool isDescription = file.Path.EndsWith("/" + MlflowFolder.Description, StringComparison.Ordinal);
            if (from.LocalPath is { } folder && !isDescription)
            {
                to.Upload(Path.Combine(folder, file.Path.Replace('/', Path.DirectorySeparatorChar)), file.Path, cancellation);
                continue;
            }

            string copy = Path.Combine(Path.GetTempPath(), "watermeters-" + Guid.NewGuid().ToString("n"));
            try
            {
                from.Download(file.Path, copy, cancellation);
                if (isDescription) File.WriteAllText(copy, onServer(File.ReadAllText(copy)));
                to.Upload(copy, file.Path, cancellation);
            }
            finally
            {
                File.Delete(copy);
            }
        }
    }

    /// <summary>A training that is resumed later continues the run on the server.</summary>
    private static void MoveLink(ITrackingStore local, Run run, ITrackingStore server, Run sent)
    {
        if (run.Tags.GetValueOrDefault(RunTags.OutputPath) is not { Length: > 0 } folder) return;
        if (RunLink.Read(folder) != new RunLink(local.Address, run.Id)) return;
        try
        {
            new RunLink(server.Address, sent.Id).Write(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Then it continues the local one.
        }
    }

    private static void Tag(ITrackingStore store, Run run, string key, string value, CancellationToken cancellation) =>
        store.Log(run.Id, new RunBatch { Tags = new Dictionary<string, string> { [key] = value } }, cancellation);
}
