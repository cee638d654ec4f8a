namespace WaterMeters.Ml.Evaluation.Metrics;

/// <summary>How well one predicted mask covers the true one.</summary>
/// <param name="Dice">2I / (P + T), 0..1; 1 when both masks are empty.</param>
/// <param name="IoU">I / U (Jaccard index), 0..1; 1 when both masks are empty.</param>
/// <param name="PixelAccuracy">Fraction of pixels on which the masks agree, 0..1. Mostly background, so it is high for an empty mask too.</param>
/// <param name="Hausdorff">Hausdorff distance of the foregrounds in pixels: 0 when both are empty, the image's diagonal when one is.</param>
public readonly record struct MaskScores(double Dice, double IoU, double PixelAccuracy, double Hausdorff);
