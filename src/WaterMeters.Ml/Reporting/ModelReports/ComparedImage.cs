namespace WaterMeters.Ml.Reporting.ModelReports;

/// <summary>A photo with three outlines on it, as a page shows it.</summary>
/// <param name="Jpeg">The part of the photo around the outlines, small, as a JPEG file.</param>
/// <param name="Width">Its width in pixels.</param>
/// <param name="Height">Its height in pixels.</param>
/// <param name="Truth">The path of the true outline; empty for an empty mask.</param>
/// <param name="Candidate">The path of the new model's outline.</param>
/// <param name="Baseline">The path of the old one's; null without one.</param>
internal sealed record ComparedImage(byte[] Jpeg, int Width, int Height, string Truth, string Candidate, string? Baseline);
