namespace WaterMeters;

/// <summary>State of a recorded training, in MLflow's words.</summary>
public enum RunStatus
{
    /// <summary>It runs, or its process died without a word.</summary>
    Running,

    /// <summary>It waits to start.</summary>
    Scheduled,

    /// <summary>It ended as intended.</summary>
    Finished,

    /// <summary>It ended with an error.</summary>
    Failed,

    /// <summary>It was stopped from outside.</summary>
    Killed,
}
