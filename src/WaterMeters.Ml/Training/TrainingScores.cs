namespace WaterMeters.Ml.Training;

/// <summary>Scores of a finished training at the model's input size; NaN where a part has no photos, or was not opened.</summary>
internal sealed record TrainingScores(double ValidationDice, double ValidationIoU, double TestDice, double TestIoU, double TestHausdorff)
{
    /// <summary>Nothing was measured.</summary>
    public static TrainingScores None { get; } = new(double.NaN, double.NaN, double.NaN, double.NaN, double.NaN);

    /// <summary>Test photos that were measured.</summary>
    public int TestPhotos { get; init; }
}
