namespace WaterMeters.Ml.Training;

/// <summary>The default stages: they find the digit window well for their training time.</summary>
public static class Recipe
{
    // Photos per size over all epochs, tuned on 995 and 192 training photos (docs/decisions/training-recipe.md).
    private static readonly (int Size, int Batch, int Photos, int MinEpochs, int MaxEpochs)[] Stages =
        [(256, 8, 7680, 14, 60), (384, 4, 1920, 5, 15), (512, 4, 960, 4, 8)];

    /// <summary>Returns stages of 256, 384 and 512 pixels; the fewer photos, the more epochs.</summary>
    public static IReadOnlyList<TrainingStage> StagesFor(int trainingPhotos) =>
    [
        .. from stage in Stages
           let epochs = Math.Clamp((int)Math.Round((double)stage.Photos / Math.Max(1, trainingPhotos)), stage.MinEpochs, stage.MaxEpochs)
           select new TrainingStage(stage.Size, epochs, stage.Batch),
    ];
}
