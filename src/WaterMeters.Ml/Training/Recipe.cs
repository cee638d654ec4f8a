namespace WaterMeters.Ml.Training;

/// <summary>Stages that learn the digit window well in the time they take.</summary>
public static class Recipe
{
    // Photos shown at each size: what 995 and 192 training photos were learnt with (docs/decisions/training-recipe.md).
    private static readonly (int Size, int Batch, int Photos, int Least, int Most)[] Stages =
        [(256, 8, 7680, 14, 60), (384, 4, 1920, 5, 15), (512, 4, 960, 4, 8)];

    /// <summary>Smaller images first: 256, 384 and 512 pixels, with more epochs the fewer photos there are.</summary>
    public static IReadOnlyList<TrainingStage> StagesFor(int trainingPhotos) =>
    [
        .. from stage in Stages
           let epochs = Math.Clamp((int)Math.Round((double)stage.Photos / Math.Max(1, trainingPhotos)), stage.Least, stage.Most)
           select new TrainingStage(stage.Size, epochs, stage.Batch),
    ];
}
