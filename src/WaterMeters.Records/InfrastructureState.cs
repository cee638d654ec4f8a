namespace WaterMeters;

/// <summary>State of the machine, as EC2 knows it.</summary>
public enum InfrastructureState
{
    /// <summary>It is being started.</summary>
    Pending,

    /// <summary>It is on, and costs its hourly price.</summary>
    Running,

    /// <summary>It is being stopped.</summary>
    Stopping,

    /// <summary>It is off; its disk and address still cost.</summary>
    Stopped,

    /// <summary>It is being removed.</summary>
    ShuttingDown,

    /// <summary>It was removed.</summary>
    Terminated,
}
