namespace WaterMeters.Ops.Jobs;

/// <summary>How a job has ended; written last.</summary>
internal sealed record JobResult
{
    /// <summary>Why it failed, with what to do; null when it has succeeded.</summary>
    public string? Failure { get; init; }

    /// <summary>The folder of the job on the machine.</summary>
    public string Folder { get; init; } = "";

    /// <summary>One result for each attempt, with the machine's paths.</summary>
    public IReadOnlyList<TrainingResult> Results { get; init; } = [];

    /// <summary>The files of the run.</summary>
    public IReadOnlyList<JobFile> Files { get; init; } = [];
}

/// <summary>A file of a job's run.</summary>
/// <param name="Name">Path relative to the run folder, with <c>/</c>.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its digest.</param>
internal sealed record JobFile(string Name, long Bytes, string Sha256);
