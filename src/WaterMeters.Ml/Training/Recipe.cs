namespace WaterMeters.Ml.Training;

/// <summary>The stages of the presets: they find the digit window well for their training time.</summary>
public static class Recipe
{
    // Photos per size over all epochs. Standard was tuned on 995 and 192 training photos (docs/decisions/training-recipe.md).
    private static readonly (int Size, int Batch, int Photos, int MinEpochs, int MaxEpochs)[]
        Quick = [(128, 8, 3840, 6, 40), (256, 8, 960, 2, 10)],
        Standard = [(256, 8, 7680, 14, 60), (384, 4, 1920, 5, 15), (512, 4, 960, 4, 8)],
        Thorough = [.. Standard.Select(s => (s.Size, s.Batch, 2 * s.Photos, 2 * s.MinEpochs, 2 * s.MaxEpochs))];

    /// <summary>Returns the stages of a preset; the fewer photos, the more epochs.</summary>
    public static IReadOnlyList<TrainingStage> StagesFor(int trainingPhotos, TrainingPreset preset = TrainingPreset.Standard) =>
    [
        .. from stage in preset switch { TrainingPreset.Quick => Quick, TrainingPreset.Thorough => Thorough, _ => Standard }
           let epochs = Math.Clamp((int)Math.Round((double)stage.Photos / Math.Max(1, trainingPhotos)), stage.MinEpochs, stage.MaxEpochs)
           select new TrainingStage(stage.Size, epochs, stage.Batch),
    ];

    /// <summary>Returns the options with their stages chosen for so many training photos.</summary>
    /// <exception cref="SettingsException">The stages that the plan gives have an invalid value.</exception>
    public static TrainingOptions WithStages(TrainingOptions options, int trainingPhotos)
    {
        ArgumentNullException.ThrowIfNull(options);
        var chosen = options with { Stages = options.Plan.Apply(options.Stages, trainingPhotos), Plan = new StagePlan() };
        chosen.Check();
        return chosen;
    }
}
