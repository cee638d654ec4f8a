using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Training;
using WaterMeters.Ops.Machines;

namespace WaterMeters.Ops.Jobs;

/// <summary>Writes and reads requests, and names jobs.</summary>
internal static class JobRequests
{
    private const int DigestLength = 12, LongestName = 80;

    /// <summary>Returns the request of a training.</summary>
    /// <param name="options">The settings, with the paths of this computer.</param>
    /// <param name="attempts">Number of trainings.</param>
    /// <param name="projectRemote">Name of the remote in the project's settings; null if they name none.</param>
    /// <param name="region">Region of the remote's bucket where its settings name none.</param>
    /// <param name="stop">Stops the work.</param>
    /// <exception cref="DatasetException">The split file cannot be read or used.</exception>
    /// <exception cref="DatasetVersionException">The data set is not as it was published, or not in S3.</exception>
    public static JobRequest Of(
        TrainingOptions options, int attempts, string? projectRemote, string? region, CancellationToken stop)
    {
        return new JobRequest
        {
            Options = options with { DataPath = "", OutputPath = "", SplitPath = null, Plan = new StagePlan() },
            Plan = options.Plan,
            Attempts = attempts,
            Split = options.SplitPath is { } split ? ReadSplit(split) : null,
            Data = JobData.Of(options.DataPath, projectRemote, region, stop),
        };
    }

    /// <summary>
    /// Returns the identity of a job: who asks, and what for. The same request by the same person is the same job, in any process.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="given">The identifier of -RunId; null: it is computed.</param>
    /// <param name="variable">Returns a variable of the environment; null when it is not set.</param>
    public static RunIdentity IdentityOf(JobRequest request, string? given, Func<string, string?> variable)
    {
        var run = RunIdentity.Of(given, variable);
        if (given is not null) return run;
        string who = variable("GITHUB_RUN_ID") is { Length: > 0 } ? run.Id : run.Owner;
        string name = string.Concat(who.Take(LongestName).Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '-'));
        return run with { Id = $"{name}-{request.Digest()[..DigestLength]}".TrimStart('-') };
    }

    /// <summary>Reads the request of a job; null if there is none.</summary>
    /// <exception cref="InfrastructureException">It cannot be read, or is of a newer version.</exception>
    public static JobRequest? Read(JobStore store, CancellationToken stop)
    {
        if (store.Read(JobStore.Request, stop) is not { } text) return null;
        string address = store.Address(JobStore.Request);
        var request = JobJson.Read<JobRequest>(text, address);
        return request.Format == JobRequest.CurrentFormat ? request : throw new InfrastructureException(
            InfrastructureFault.JobUnusable, address,
            $"'{address}' is of another version of the module (format {request.Format}). Use the version that wrote it, or start another "
            + "job with -RunId.");
    }

    /// <summary>Writes the request of a job, or finds the same there.</summary>
    /// <exception cref="InfrastructureException">The job has another request.</exception>
    public static void Write(JobStore store, RunIdentity run, JobRequest request, CancellationToken stop)
    {
        if (store.TryCreate(JobStore.Request, JobJson.Bytes(request), stop)) return;
        throw new InfrastructureException(InfrastructureFault.JobUnusable, run.Id,
            $"The job '{run.Id}' exists with other settings, another version of the data set or of the module. Add -Resume to attach to "
            + "it as it is, or start another with another -RunId.");
    }

    /// <summary>Reads a split file, with the errors of a training here: before the machine is started.</summary>
    private static string ReadSplit(string path)
    {
        _ = SplitRule.For(SplitStore.Empty, path);
        return HeldFile.ReadAllText(path);
    }
}
