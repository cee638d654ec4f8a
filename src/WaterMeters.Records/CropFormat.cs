namespace WaterMeters;

/// <summary>File format of cut-out windows.</summary>
public enum CropFormat
{
    /// <summary>JPEG of quality 95, for people and for most readers of digits.</summary>
    Jpeg,

    /// <summary>PNG: every pixel as it was computed, five to ten times larger.</summary>
    Png,
}
