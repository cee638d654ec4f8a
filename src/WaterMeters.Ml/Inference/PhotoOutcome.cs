namespace WaterMeters.Ml.Inference;

/// <summary>What became of one photo.</summary>
/// <param name="ImagePath">The photo.</param>
/// <param name="Prediction">The prediction, when there is one.</param>
/// <param name="Failure">Why there is none; null with neither means that the photo was passed over.</param>
public sealed record PhotoOutcome(string ImagePath, Prediction? Prediction, WaterMetersException? Failure);
