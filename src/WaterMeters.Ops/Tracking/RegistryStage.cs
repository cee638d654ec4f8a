namespace WaterMeters.Ops.Tracking;

/// <summary>Registry stage of a model version; MLflow writes these words as they are here.</summary>
public enum RegistryStage
{
    /// <summary>Registered, not yet used.</summary>
    None,

    /// <summary>To be tried.</summary>
    Staging,

    /// <summary>In use.</summary>
    Production,

    /// <summary>No longer in use.</summary>
    Archived,
}
