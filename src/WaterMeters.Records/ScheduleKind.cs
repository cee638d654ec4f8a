namespace WaterMeters;

/// <summary>How the learning rate changes.</summary>
public enum ScheduleKind
{
    /// <summary>Warm-up, then one cosine to nought over all steps.</summary>
    Cosine,

    /// <summary>Lowered when the validation loss no longer falls (ReduceLROnPlateau).</summary>
    Plateau,
}
