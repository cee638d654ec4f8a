namespace WaterMeters;

/// <summary>Registry stage of a version of a model.</summary>
public enum ModelStage
{
    /// <summary>Registered, not yet used.</summary>
    None,

    /// <summary>To be tried.</summary>
    Staging,

    /// <summary>In use. One version of a model is in production at a time.</summary>
    Production,

    /// <summary>No longer in use.</summary>
    Archived,
}
