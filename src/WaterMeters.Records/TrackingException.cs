namespace WaterMeters;

/// <summary>A tracking store could not do what was asked. The message says what to do next.</summary>
public sealed class TrackingException : WaterMetersException
{
    /// <summary>Creates the exception. <paramref name="target"/>: the name, identifier, file or address concerned.</summary>
    public TrackingException(TrackingFault fault, string target, string message, Exception? inner = null)
        : base(message, inner) =>
        (Fault, Target) = (fault, target);

    /// <summary>Why it failed.</summary>
    public TrackingFault Fault { get; }

    /// <summary>The name, identifier, file or address concerned.</summary>
    public string Target { get; }
}
