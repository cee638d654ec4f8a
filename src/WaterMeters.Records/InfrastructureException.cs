namespace WaterMeters;

/// <summary>The machine cannot be found, started, stopped or removed.</summary>
public sealed class InfrastructureException : WaterMetersException
{
    /// <summary>Creates the exception. <paramref name="target"/>: the machine, bucket or setting concerned.</summary>
    public InfrastructureException(InfrastructureFault fault, string target, string message, Exception? inner = null)
        : base(message, inner) => (Fault, Target) = (fault, target);

    /// <summary>Why it fails.</summary>
    public InfrastructureFault Fault { get; }

    /// <summary>The machine, bucket or setting concerned.</summary>
    public string Target { get; }
}
