namespace WaterMeters;

/// <summary>How much a training does; the number of photos determines the epochs of its stages.</summary>
public enum TrainingPreset
{
    /// <summary>Image sizes of 128 and 256 pixels, minutes: shows whether a model can learn from the data.</summary>
    Quick,

    /// <summary>The default: 256, 384 and 512 pixels.</summary>
    Standard,

    /// <summary>The sizes of Standard with twice the epochs, for the model that goes into production.</summary>
    Thorough,
}
