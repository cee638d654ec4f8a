using System.Globalization;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Training;
using WaterMeters.Ops.Machines;

namespace WaterMeters.Ops.Jobs;

/// <summary>
/// Trains on the machine: takes a lease, starts the machine and the job, shows its progress, downloads the run. The job does not
/// depend on this process: another call with the same request attaches to it.
/// </summary>
public sealed class RemoteTraining
{
    private const string GoesOn = "goes on without this computer. Attach to it";

    private readonly MachineSession session;
    private readonly RemoteTrainingOptions options;
    private readonly ITrainingObserver observer;
    private readonly JobRequest request;
    private readonly bool isGiven;
    private readonly JobStore store;
    private readonly JobProgress progress;
    private readonly Pauses pauses;
    private bool hasFailed;

    /// <summary>Prepares the training; reads the version of the data set, and whether the job exists.</summary>
    /// <param name="session">The machine.</param>
    /// <param name="options">What is asked for.</param>
    /// <param name="observer">Receives the progress of the job.</param>
    /// <param name="variable">Returns a variable of the environment; null when it is not set.</param>
    /// <param name="stop">Stops the work.</param>
    /// <exception cref="DatasetVersionException">The data set is not as it was published, or not in S3.</exception>
    /// <exception cref="InfrastructureException">The job is another one, or the bucket cannot be reached.</exception>
    /// <exception cref="TrainingException">The run folder holds a run.</exception>
    public RemoteTraining(
        MachineSession session,
        RemoteTrainingOptions options,
        ITrainingObserver observer,
        Func<string, string?> variable,
        CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(options);
        (this.session, this.options, this.observer) = (session, options, observer);
        if (!options.Force) EnsureFree(options.OutputPath);
        isGiven = options.Options is not null;
        var given = options.Options is not { } settings ? null
            : JobRequests.Of(settings, options.Attempts, options.ProjectRemote, session.Settings.Region, stop);
        Run = given is not null ? JobRequests.IdentityOf(given, options.RunId, variable) : RunIdentity.Of(options.RunId, variable);
        pauses = new Pauses(session.Time, TimeSpan.MaxValue);
        store = new JobStore(session.Aws, session.Bucket, Run.Id);
        progress = new JobProgress(store, options, observer);
        request = given ?? JobRequests.Read(store, stop) ?? throw new InfrastructureException(InfrastructureFault.JobUnusable, Run.Id,
            $"There is no job '{Run.Id}' in '{store.Address("")}'. Check -RunId and -BucketName, or leave out -RunId.");
    }

    /// <summary>The job, which is also its lease.</summary>
    public RunIdentity Run { get; }

    /// <summary>Says what the training would do and cost; changes nothing.</summary>
    /// <param name="stop">Stops the work.</param>
    /// <exception cref="InfrastructureException">There is no machine, or it cannot be read.</exception>
    public string Describe(CancellationToken stop)
    {
        string job = ReadResult(stop) is not null ? $"job '{Run.Id}' has ended: its run would be downloaded"
            : JobRequests.Read(store, stop) is not null ? $"job '{Run.Id}' exists: it would be continued"
            : $"job '{Run.Id}' would be started";
        return $"{job}; {CostOf(new MachineReader(session).Read(options.InstanceId, Run, stop))}";
    }

    /// <summary>Runs the training.</summary>
    /// <param name="report">Called with what the machine does, for a message.</param>
    /// <param name="stop">Asks the job to stop, and releases the lease.</param>
    /// <returns>The results with the paths of this computer; empty if it goes on by itself.</returns>
    /// <exception cref="InfrastructureException">It failed on the machine, or the machine cannot be reached.</exception>
    public IReadOnlyList<TrainingResult> Train(Action<string> report, CancellationToken stop)
    {
        try
        {
            if (isGiven) JobRequests.Write(store, Run, request, stop);
            var result = ReadResult(stop);
            if (result is null)
            {
                var machine = Start(report, stop);
                if (options.Detach) return [];
                var watch = new JobWatch(session, Run, machine.InstanceId);
                result = Retry(() => Await(watch, stop), GoesOn, stop);
            }

            // The machine has done its work, whatever becomes of the download.
            LeaseRelease.Try(session, Run, observer.Verbose);
            return Retry(() => Download(result, stop), "has ended, and its run is in the bucket. Get it", stop);
        }
        catch (InfrastructureException) when (hasFailed) // only then: after any other error the job may still run
        {
            LeaseRelease.Try(session, Run, observer.Verbose);
            throw;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            StopJob(report);
            throw;
        }
    }

    /// <summary>Tells an observer what happened, from the first start to the end: for the record of the run here.</summary>
    public void Replay(ITrainingObserver recorder) => progress.Replay(recorder);

    /// <summary>Ensures that the folder holds no run.</summary>
    /// <exception cref="TrainingException">It holds one.</exception>
    private static void EnsureFree(string output)
    {
        if (!File.Exists(RunFolder.ModelIn(output)) && !TrainingAttempts.HasCheckpoint(output)
            && !TrainingAttempts.HasCheckpoint(output, 1)) return;
        throw new TrainingException(output,
            $"'{output}' already holds a run. Choose another -OutputPath, or use -Force to replace it by the one of the machine.");
    }

    private Infrastructure Start(Action<string> report, CancellationToken stop)
    {
        var starter = new MachineStarter(session, new StartOptions
        {
            InstanceId = options.InstanceId,
            Run = Run,
            Purpose = "training",
            For = options.For,
            IsJob = true,
            Wait = true,
        }, report)
        {
            Warn = observer.Warn,
        };
        Infrastructure? machine = null;
        try
        {
            machine = starter.Start(stop);
            store.Delete(JobStore.Stop, stop);
            progress.SkipStops(stop);
            int hours = (int)Math.Ceiling(options.For.TotalHours);
            string version = request.Options.ModuleVersion ?? ModuleVersion.Text;
            new JobCommands(session, Run).Start(machine.InstanceId, hours, version, stop);
        }
        catch (InfrastructureException e) when (starter.IsAttached)
        {
            throw WithHint(e, GoesOn);
        }
        catch (InfrastructureException) when (machine is not null)
        {
            LeaseRelease.Try(session, Run, report);
            throw;
        }

        observer.Information($"job '{Run.Id}' on the {CostOf(machine)}");
        return machine;
    }

    private string CostOf(Infrastructure machine)
    {
        string name = $"machine '{machine.MachineName}' {machine.InstanceId} ({machine.InstanceType}, {machine.State})";
        return machine.HourlyCost is not { } hourly ? $"{name}, at an unknown price" : string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: {hourly:0.00##} USD an hour, at most {hourly * options.For.TotalHours:0.00} USD for {options.For.TotalHours:0.##} h");
    }

    /// <summary>Shows the progress; returns the result when there is one.</summary>
    private JobResult? Await(JobWatch watch, CancellationToken stop)
    {
        var result = ReadResult(stop); // before the progress: what is listed then is all of it
        bool isNew = progress.Show(stop);
        if (result is not null) return result;
        if (progress.HasStopped) throw Ended("was stopped");
        if (progress.ShowStep(stop) || isNew)
        {
            pauses.Reset();
            watch.Reset();
        }
        else if (watch.HasEnded(stop) && ReadResult(stop) is null)
        {
            throw Ended($"has ended without a result{watch.Log}");
        }

        return null;
    }

    /// <summary>Repeats a step until it returns something. Broken connections are tried again without a limit.</summary>
    /// <param name="step">The step.</param>
    /// <param name="hint">What becomes of the job after an error that does not pass by itself, and how to get it.</param>
    /// <param name="stop">Stops the work.</param>
    private T Retry<T>(Func<T?> step, string hint, CancellationToken stop) where T : class
    {
        bool hasBroken = false;
        pauses.Reset();
        while (true)
        {
            try
            {
                if (step() is { } value) return value;
                hasBroken = false;
            }
            catch (InfrastructureException e) when (e.Fault is InfrastructureFault.Unreachable or InfrastructureFault.Throttled)
            {
                if (!hasBroken) observer.Warn($"{e.Message.TrimEnd('.')}. The machine needs no connection; this is tried again.");
                hasBroken = true;
            }
            catch (InfrastructureException e) when (e.Fault is not (InfrastructureFault.JobFailed or InfrastructureFault.JobUnusable))
            {
                throw WithHint(e, hint);
            }

            pauses.Wait(stop);
        }
    }

    private InfrastructureException WithHint(InfrastructureException e, string how) =>
        new(e.Fault, e.Target, $"{e.Message} The job '{Run.Id}' {how} with -Remote -Resume -RunId '{Run.Id}'.", e);

    private InfrastructureException Ended(string how) => Failed(
        $"The job '{Run.Id}' {how}. Continue it after its last finished epoch with -Remote -Resume -RunId '{Run.Id}'.");

    private InfrastructureException Failed(string message)
    {
        hasFailed = true;
        return new InfrastructureException(InfrastructureFault.JobFailed, Run.Id, message);
    }

    private JobResult? ReadResult(CancellationToken stop) => store.Read(JobStore.Result, stop) is { } text
        ? JobJson.Read<JobResult>(text, store.Address(JobStore.Result)) : null;

    private IReadOnlyList<TrainingResult> Download(JobResult result, CancellationToken stop)
    {
        progress.Show(stop);
        var paths = new JobPaths(result.Folder, options);
        if (result.Failure is { } failure)
        {
            ForgetFailure(stop);
            throw Failed($"The training on the machine failed: {paths.Text(failure).TrimEnd('.')}. The log of the job is "
                + $"'{store.Address(JobStore.Log)}'. Correct the cause, then run the same command again.");
        }

        new JobDownload(store, options.OutputPath).Run(result.Files, (done, all) => observer.Verbose(string.Create(
            CultureInfo.InvariantCulture, $"{done / 1e6:0.0} of {all / 1e6:0.0} MB of the run are here")), stop);
        return [.. result.Results.Select(paths.Local)];
    }

    /// <summary>A failure is told once: the same command is a new attempt then, which goes on after the last finished epoch.</summary>
    private void ForgetFailure(CancellationToken stop)
    {
        try
        {
            store.Delete(JobStore.Result, stop);
        }
        catch (InfrastructureException)
        {
            // It is told again.
        }
    }

    private void StopJob(Action<string> report)
    {
        // The lease first: a workflow that is cancelled has seconds left. Without a lease the machine saves its jobs and powers off.
        LeaseRelease.Try(session, Run, report);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        try
        {
            store.Write(JobStore.Stop, [], limit.Token);
        }
        catch (Exception e) when (e is InfrastructureException or OperationCanceledException)
        {
            // It matters only while another lease keeps the machine on.
        }
    }
}
