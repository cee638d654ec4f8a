namespace WaterMeters.Ops.Tracking.Rest;

/// <summary>One attempt of a request failed. Inside of this room only: callers get <see cref="Error"/>.</summary>
internal sealed class FailedAttemptException(TrackingException error) : Exception(error.Message, error)
{
    /// <summary>The error, if no other attempt is made.</summary>
    public TrackingException Error => error;

    /// <summary>Whether another attempt may succeed.</summary>
    public bool MayRepeat { get; init; }

    /// <summary>Whether the server may have done what was asked nevertheless.</summary>
    public bool MayBeDone { get; init; }

    /// <summary>How long the server asks to wait; null if it does not say.</summary>
    public TimeSpan? Wait { get; init; }
}
