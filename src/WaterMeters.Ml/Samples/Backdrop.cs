namespace WaterMeters.Ml.Samples;

/// <summary>What is behind the meter.</summary>
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
