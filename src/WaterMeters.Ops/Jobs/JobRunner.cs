using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Training;
using WaterMeters.Ops.Machines;

namespace WaterMeters.Ops.Jobs;

/// <summary>Runs a job on the machine: restores the data set, trains, and sends progress and results to the bucket.</summary>
/// <param name="session">The bucket.</param>
/// <param name="id">The job.</param>
/// <param name="folder">Folder of the job's files, which outlive an interruption.</param>
public sealed class JobRunner(MachineSession session, string id, string folder)
{
    private static readonly TimeSpan UploadLimit = TimeSpan.FromMinutes(30), LastWords = TimeSpan.FromMinutes(1);

    private readonly JobStore store = new(session.Aws, session.Bucket, id);

    /// <summary>
    /// Runs the job, or continues it after its last finished epoch. What the request itself makes fail is written as its result; after any
    /// other error it has none, and can be continued. Does nothing if it has a result.
    /// </summary>
    /// <param name="observer">Receives progress and messages too.</param>
    /// <param name="stop">Stops the work; the job has no result then, and can be continued.</param>
    /// <exception cref="InfrastructureException">There is no such job, or the bucket cannot be reached.</exception>
    /// <exception cref="IOException">The disk is full.</exception>
    public void Run(ITrainingObserver observer, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(observer);
        if (store.Read(JobStore.Result, stop) is not null) return;
        var request = JobRequests.Read(store, stop) ?? throw new InfrastructureException(InfrastructureFault.JobUnusable, id,
            $"There is no job '{id}': '{store.Address(JobStore.Request)}' is missing. Start it with Start-WmsTraining -Remote.");
        using var asked = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var feed = new JobFeed(store, asked.Cancel);
        feed.Add(new JobEvent { Kind = JobEventKind.Opened, Text = folder });
        JobResult result;
        try
        {
            result = Finish(Train(request, new JobObservers(feed, observer), asked.Token), asked.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            feed.Add(new JobEvent { Kind = JobEventKind.Stopped });
            feed.End(UploadLimit);
            return;
        }
        catch (Exception e) when (IsOfRequest(e))
        {
            result = new JobResult { Failure = e.Message, Folder = folder };
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A full disk, a missing permission, a network that is down for long: the work of hours waits until that is corrected.
            feed.Warn(e.Message);
            feed.End(LastWords);
            throw;
        }

        feed.End(UploadLimit);
        Retry(() => store.Write(JobStore.Log, feed.Log, stop), stop);
        Retry(() => store.TryCreate(JobStore.Result, JobJson.Bytes(result), stop), stop);
        if (result.Failure is null) RemoveFiles();
    }

    /// <summary>Whether the same request fails again wherever and whenever it is run.</summary>
    private static bool IsOfRequest(Exception e) => e.InnerException is not (IOException or UnauthorizedAccessException)
        && e is TrainingException or DatasetException or PhotoException or SettingsException or RuntimeMissingException
            or DatasetVersionException { Fault: DatasetVersionFault.NotFound or DatasetVersionFault.Unusable };

    /// <summary>Removes the data set and the run: the bucket has the run, and the next data set needs the disk.</summary>
    private void RemoveFiles()
    {
        try
        {
            foreach (string name in (string[])[JobPaths.Data, JobPaths.Output])
            {
                string path = Path.Combine(folder, name);
                if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
            }

            File.Delete(Path.Combine(folder, JobPaths.Split));
            if (!Directory.EnumerateFileSystemEntries(folder).Any()) Directory.Delete(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The run is in the bucket.
        }
    }

    /// <summary>
    /// Repeats what sends the work of hours: a network that is down for minutes must not cost it. Other errors pass at once.
    /// </summary>
    private void Retry(Action send, CancellationToken stop)
    {
        var pauses = new Pauses(session.Time, UploadLimit);
        while (true)
        {
            try
            {
                send();
                return;
            }
            catch (InfrastructureException e) when (pauses.Elapsed < UploadLimit && e.Fault
                is InfrastructureFault.Unreachable or InfrastructureFault.Throttled or InfrastructureFault.CredentialsExpired)
            {
                pauses.Wait(stop); // the machine renews its own credentials
            }
        }
    }

    private IReadOnlyList<TrainingResult> Train(JobRequest request, ITrainingObserver observer, CancellationToken stop)
    {
        observer.Verbose($"Restoring the data set '{request.Data.Name}' from {request.Data.Address}.");
        string data = request.Data.Restore(Path.Combine(folder, JobPaths.Data), observer.Warn, stop);
        string output = Path.Combine(folder, JobPaths.Output);
        string? split = null;
        if (request.Split is not null) AtomicFile.WriteText(split = Path.Combine(folder, JobPaths.Split), request.Split);
        var options = request.Options with { DataPath = data, OutputPath = output, SplitPath = split, Plan = request.Plan };
        if (request.Attempts > 1)
        {
            return TrainingAttempts.Run(options, request.Attempts, resume: true, force: false, observer, stop);
        }

        return ResumableRun.Open(output) is not { } run ? [Trainer.Run(options, replace: true, observer, stop)]
            : [Trainer.Resume(run, run.Options with { DataPath = data, OutputPath = output, SplitPath = split }, false, observer, stop)];
    }

    private JobResult Finish(IReadOnlyList<TrainingResult> results, CancellationToken stop)
    {
        string output = Path.Combine(folder, JobPaths.Output);
        var files = new List<JobFile>();
        foreach (string path in Directory.EnumerateFiles(output, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string name = JobFolder.NameOf(output, path);
            Retry(() => store.WriteFile(JobStore.Output + name, path, stop), stop);
            files.Add(new JobFile(name, new FileInfo(path).Length, FileHash.Compute(path)));
        }

        return new JobResult { Folder = folder, Results = results, Files = files };
    }
}
