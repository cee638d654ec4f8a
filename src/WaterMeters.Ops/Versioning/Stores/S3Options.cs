namespace WaterMeters.Ops.Versioning.Stores;

/// <summary>How a remote in S3 is used.</summary>
internal sealed record S3Options
{
    /// <summary>How often a request is repeated at most.</summary>
    public int Retries { get; init; } = 4;

    /// <summary>The pause before the first repetition; each further one is twice as long.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>Larger files are uploaded in parts of this size.</summary>
    public int PartBytes { get; init; } = 32 << 20;

    /// <summary>How many requests run at the same time.</summary>
    public int Parallelism { get; init; } = 16;
}
