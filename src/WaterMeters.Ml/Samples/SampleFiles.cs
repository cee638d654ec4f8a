namespace WaterMeters.Ml.Samples;

/// <summary>One pair that was drawn and written.</summary>
/// <param name="Index">Its number, from 1.</param>
/// <param name="ImagePath">The photo, a JPEG file; absolute.</param>
/// <param name="MaskPath">The mask, an 8-bit grey PNG file of 0 and 255 only; absolute.</param>
/// <param name="Width">Width of both, in pixels.</param>
/// <param name="Height">Height of both, in pixels.</param>
/// <param name="Coverage">Part of the image that is window, 0..1, counted in the mask.</param>
public sealed record SampleFiles(int Index, string ImagePath, string MaskPath, int Width, int Height, double Coverage);
