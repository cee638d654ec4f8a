namespace WaterMeters.Ml.Samples;

/// <summary>Style of the digits in a window.</summary>
internal enum WindowStyle
{
    /// <summary>Black digits on white drums, the last ones red.</summary>
    WhiteDrums,

    /// <summary>White digits on black drums, the last ones red.</summary>
    BlackDrums,

    /// <summary>Black digits on one light strip, separated by thin lines, with red digits at the end.</summary>
    Strip,

    /// <summary>Each drum behind its own opening in the face.</summary>
    Apertures,
}
