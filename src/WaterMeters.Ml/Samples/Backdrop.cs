namespace WaterMeters.Ml.Samples;

/// <summary>Surface behind the meter.</summary>
internal enum Backdrop
{
    Plaster,
    Tiles,
    Brick,
    Concrete,
    Wood,
    Soil,
    Cabinet,
}
