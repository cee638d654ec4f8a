namespace WaterMeters;

/// <summary>Learning rate schedule.</summary>
public enum ScheduleKind
{
    /// <summary>Warm-up, then one cosine decay to zero over all steps.</summary>
    Cosine,

    /// <summary>Reduced when the validation loss stops falling (ReduceLROnPlateau).</summary>
    Plateau,
}
