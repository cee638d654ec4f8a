namespace WaterMeters.Ops.Tracking;

/// <summary>What a reference to a model names.</summary>
public enum ModelReferenceKind
{
    /// <summary>A registry stage: its newest version.</summary>
    Stage,

    /// <summary>An alias.</summary>
    Alias,

    /// <summary>A version number.</summary>
    Version,

    /// <summary>The version with the highest number.</summary>
    Latest,

    /// <summary>A run: the newest version that was made of it, or its artifacts if there is none.</summary>
    Run,
}
