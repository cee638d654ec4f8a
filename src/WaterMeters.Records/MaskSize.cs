namespace WaterMeters;

/// <summary>The size that a predicted mask is written in.</summary>
public enum MaskSize
{
    /// <summary>The photo's own size, as a viewer shows it.</summary>
    Photo,

    /// <summary>The network's input size.</summary>
    Model,
}
