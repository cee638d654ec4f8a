namespace WaterMeters.Ml.Samples;

/// <summary>How the digits of a window are presented.</summary>
internal enum WindowStyle
{
    /// <summary>Black digits on white drums, the last ones red.</summary>
    WhiteDrums,

    /// <summary>White digits on black drums, the last ones red.</summary>
    BlackDrums,

    /// <summary>Black digits on one light strip, parted by hair lines, with red digits at the end.</summary>
    Strip,

    /// <summary>Each drum behind an opening of its own in the face.</summary>
    Apertures,
}
