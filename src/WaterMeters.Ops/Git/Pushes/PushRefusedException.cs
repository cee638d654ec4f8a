namespace WaterMeters.Ops.Git.Pushes;

/// <summary>A push that cannot be judged, or whose training data cannot be sent. The message is for the person who pushes.</summary>
internal sealed class PushRefusedException(string message, bool mayHaveArrived = false) : Exception(message)
{
    /// <summary>Whether it is unknown if the data are on the remote.</summary>
    public bool MayHaveArrived { get; } = mayHaveArrived;
}
