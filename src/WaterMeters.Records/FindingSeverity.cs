namespace WaterMeters;

/// <summary>How much a finding weighs.</summary>
public enum FindingSeverity
{
    /// <summary>The photo can be used as it is.</summary>
    Warning,

    /// <summary>The data set must not be trained on before this is mended.</summary>
    Error,
}
