using WaterMeters.Ml.Datasets;
using WaterMeters.Ml.Runtime;

namespace WaterMeters.Ml.Training;

/// <summary>
/// What a training will take, said before it starts: its steps, and its memory at the peak (docs/decisions/memory-bounds.md says how
/// near that comes).
/// </summary>
public sealed record TrainingForecast
{
    /// <summary>PowerShell, .NET and libtorch with its code, and a photo being decoded: what such a process takes besides what is counted here.</summary>
    internal const long ProgramBytes = 450L << 20;

    /// <summary>Photos to train on.</summary>
    public required int TrainingPhotos { get; init; }

    /// <summary>Photos to validate by.</summary>
    public required int ValidationPhotos { get; init; }

    /// <summary>Passes over the training photos.</summary>
    public required int Epochs { get; init; }

    /// <summary>Updates of the weights.</summary>
    public required long Steps { get; init; }

    /// <summary>The stage whose step takes the most memory.</summary>
    public required TrainingStage LargestStage { get; init; }

    /// <summary>Bytes of the photos and masks that are kept prepared, at the largest size: four a pixel, as far as the options allow.</summary>
    public required long PhotoBytes { get; init; }

    /// <summary>Bytes of the weights, gradients, moments, average and copies of them.</summary>
    public required long WeightBytes { get; init; }

    /// <summary>Bytes of one step at the largest stage, and of the batches that wait for theirs.</summary>
    public required long StepBytes { get; init; }

    /// <summary>Bytes of the whole process at its peak.</summary>
    public long TotalBytes => ProgramBytes + PhotoBytes + WeightBytes + StepBytes;

    /// <summary>Reads the data set's listing and tells what training on it will take; loads no native library and writes nothing.</summary>
    /// <exception cref="DatasetException">The folder or the split file cannot be used, or there is nothing to train on or to validate by.</exception>
    /// <exception cref="SettingsException">A value of the options cannot be trained with.</exception>
    public static TrainingForecast Read(TrainingOptions options, CancellationToken cancellation)
    {
        options.Check();
        var data = DatasetContents.Read(options.DataPath, options.SplitPath, cancellation);
        data.DemandTrainable();
        return Of(options, data.Part(DatasetSplit.Train).Count, data.Part(DatasetSplit.Validation).Count);
    }

    /// <summary>Tells what training on so many photos will take.</summary>
    public static TrainingForecast Of(TrainingOptions options, int trainingPhotos, int validationPhotos)
    {
        var stages = options.Stages.Count > 0 ? options.Stages : Recipe.StagesFor(trainingPhotos);
        var clock = new TrainingClock(stages, trainingPhotos);
        int bytesPerNumber = ProcessorFeatures.Choose(options.Precision) == Precision.BFloat16 ? 2 : 4;
        var largest = stages.MaxBy(s => StepMemory.BatchBytes(s))!;
        long photo = 4L * stages.Max(s => s.Size) * stages.Max(s => s.Size);
        return new TrainingForecast
        {
            TrainingPhotos = trainingPhotos,
            ValidationPhotos = validationPhotos,
            Epochs = clock.TotalEpochs,
            Steps = clock.TotalSteps,
            LargestStage = largest,
            PhotoBytes = Math.Min(photo * trainingPhotos, options.CacheBytes * 4 / 5) + Math.Min(photo * validationPhotos, options.CacheBytes / 5),
            WeightBytes = StepMemory.WeightBytes(options.BaseChannels),
            StepBytes = StepMemory.Bytes(largest, options.BaseChannels, bytesPerNumber) + ((1L + options.AugmentationThreads) * StepMemory.BatchBytes(largest)),
        };
    }

    /// <summary>One line for people.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{TrainingPhotos} photos to train on, {ValidationPhotos} to validate by: {Steps} steps in {Epochs} epochs; about {Gigabytes(TotalBytes)} of memory ({LargestStage.BatchSize} photos at {LargestStage.Size} px {Gigabytes(StepBytes)}, kept photos {Gigabytes(PhotoBytes)}, weights {Gigabytes(WeightBytes)})");

    private static string Gigabytes(long bytes) => FormattableString.Invariant($"{bytes / 1e9:0.0#} GB");
}
