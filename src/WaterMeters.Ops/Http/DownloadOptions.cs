namespace WaterMeters.Ops.Http;

/// <summary>Timeouts and retries of a download.</summary>
public sealed record DownloadOptions
{
    /// <summary>Time without data after which a connection counts as broken.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Delay before the next attempt.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Consecutive attempts without a new byte after which the download fails.</summary>
    public int Attempts { get; init; } = 4;
}
