namespace WaterMeters;

/// <summary>One value of a metric of a run.</summary>
public sealed record RunMetric
{
    /// <summary>Name of the run.</summary>
    public required string RunName { get; init; }

    /// <summary>Name of the metric, such as val_dice_epoch.</summary>
    public required string Metric { get; init; }

    /// <summary>Epoch, from 1.</summary>
    public long Step { get; init; }

    /// <summary>Value; can be NaN or infinite.</summary>
    public double Value { get; init; }

    /// <summary>When the value was recorded.</summary>
    public DateTime Time { get; init; }

    /// <summary>Identifier of the run.</summary>
    public required string RunId { get; init; }
}
