namespace WaterMeters.Ml.Training;

/// <summary>Scores of a finished training at the model's input size; NaN where a part has no photos.</summary>
internal sealed record TrainingScores(double ValidationDice, double ValidationIoU, double TestDice, double TestIoU, double TestHausdorff);
