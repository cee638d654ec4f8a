namespace WaterMeters;

/// <summary>Severity of a finding.</summary>
public enum FindingSeverity
{
    /// <summary>The data can be used as they are.</summary>
    Warning,

    /// <summary>Fix this before training on the data set.</summary>
    Error,
}
