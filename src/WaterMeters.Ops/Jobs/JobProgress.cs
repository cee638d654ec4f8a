using WaterMeters.Ml.Training;
using WaterMeters.Ops.Tracking.Runs;

namespace WaterMeters.Ops.Jobs;

/// <summary>Reads the progress of a job, part by part, and shows it as that of a training here.</summary>
/// <param name="store">The objects of the job.</param>
/// <param name="options">The paths of this computer.</param>
/// <param name="observer">Receives the progress.</param>
internal sealed class JobProgress(JobStore store, RemoteTrainingOptions options, ITrainingObserver observer)
{
    private readonly List<(JobEvent Event, JobPaths Paths)> seen = [];
    private JobPaths paths = new("", options);
    private string? last, skipped;
    private bool hasWarned;
    private byte[] step = [];

    /// <summary>Whether the job has stopped because it was asked to, after it was last started.</summary>
    public bool HasStopped { get; private set; }

    /// <summary>Takes stops that were before now for done with: the job is about to be started again.</summary>
    /// <exception cref="InfrastructureException">The bucket cannot be reached.</exception>
    public void SkipStops(CancellationToken stop) => skipped = store.List(JobStore.Progress, last, stop).LastOrDefault();

    /// <summary>Shows what is new.</summary>
    /// <returns>Whether there was anything.</returns>
    /// <exception cref="InfrastructureException">The bucket cannot be reached; the next call goes on where this one ended.</exception>
    public bool Show(CancellationToken stop)
    {
        var names = store.List(JobStore.Progress, last, stop);
        foreach (string name in names)
        {
            byte[] part = store.Read(name, stop) ?? [];
            foreach (var range in part.AsSpan().Split((byte)'\n'))
            {
                var line = part.AsSpan()[range];
                if (line.Length > 0 && Read(line, name) is { } one) Show(one, name);
            }

            last = name;
        }

        return names.Count > 0;
    }

    /// <summary>Shows the last step if it is new.</summary>
    /// <returns>Whether it is.</returns>
    /// <exception cref="InfrastructureException">The bucket cannot be reached.</exception>
    public bool ShowStep(CancellationToken stop)
    {
        if (store.Read(JobStore.Step, stop) is not { } read || read.AsSpan().SequenceEqual(step)) return false;
        step = read;
        if (Read(read, JobStore.Step)?.Step is { } last) observer.StepEnded(last);
        return true;
    }

    /// <summary>Tells an observer the events again, without messages; a record of the run gets their times and their machine.</summary>
    public void Replay(ITrainingObserver recorder)
    {
        foreach (var (one, at) in seen)
        {
            if (recorder is RunRecorder record && one.Time is { } time) record.Original = new RunOrigin(time, one.Machine);
            Tell(recorder, one, at);
        }
    }

    /// <summary>Reads a line; null after a warning if that fails: it must not keep the run from being downloaded.</summary>
    private JobEvent? Read(ReadOnlySpan<byte> line, string name)
    {
        try
        {
            return JobJson.Read<JobEvent>(line, store.Address(name));
        }
        catch (InfrastructureException e)
        {
            if (!hasWarned) observer.Warn(e.Message);
            hasWarned = true;
            return null;
        }
    }

    private void Show(JobEvent one, string name)
    {
        switch (one.Kind)
        {
            case JobEventKind.Opened:
                paths = new JobPaths(one.Text ?? "", options);
                break;
            case JobEventKind.Stopped:
                HasStopped = skipped is null || string.CompareOrdinal(name, skipped) > 0;
                break;
            case JobEventKind.Step when one.Step is { } last:
                observer.StepEnded(last);
                break;
            case JobEventKind.Verbose:
                observer.Verbose(paths.Text(one.Text ?? ""));
                break;
            case JobEventKind.Information:
                observer.Information(paths.Text(one.Text ?? ""));
                break;
            case JobEventKind.Warning:
                observer.Warn(paths.Text(one.Text ?? ""));
                break;
            default:
                seen.Add((one, paths));
                Tell(observer, one, paths);
                break;
        }
    }

    private static void Tell(ITrainingObserver observer, JobEvent one, JobPaths paths)
    {
        switch (one.Kind)
        {
            case JobEventKind.Attempt:
                observer.AttemptStarted(one.Attempt, one.Attempts);
                break;
            case JobEventKind.Start when one.Start is { } start:
                observer.TrainingStarted(paths.Local(start));
                break;
            case JobEventKind.Epoch when one.Epoch is { } epoch:
                observer.EpochEnded(epoch);
                break;
            case JobEventKind.End when one.Result is { } result:
                observer.TrainingEnded(paths.Local(result));
                break;
            default:
                break;
        }
    }
}
