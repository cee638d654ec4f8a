namespace WaterMeters.Ops.Feeds;

/// <summary>How patient a download is.</summary>
public sealed record DownloadOptions
{
    /// <summary>How long the other side may say nothing before the connection counts as broken.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long to wait before the next attempt.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Attempts in a row that bring no new byte before it is given up.</summary>
    public int Attempts { get; init; } = 4;
}
