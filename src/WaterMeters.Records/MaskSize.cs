namespace WaterMeters;

/// <summary>Size in which a predicted mask is written.</summary>
public enum MaskSize
{
    /// <summary>The size of the photo, after EXIF orientation.</summary>
    Photo,

    /// <summary>The input size of the model.</summary>
    Model,
}
