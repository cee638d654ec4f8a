using WaterMeters.Ml.Datasets.Splits;
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

    /// <summary>Passes over the training photos, all of them.</summary>
    public required int Epochs { get; init; }

    /// <summary>Passes that the checkpoint it goes on from has behind it; 0 for a training from its first step.</summary>
    public int FinishedEpochs { get; init; }

    /// <summary>Updates of the weights that are to come.</summary>
    public required long Steps { get; init; }

    /// <summary>The stage to come whose step takes the most memory.</summary>
    public required TrainingStage LargestStage { get; init; }

    /// <summary>Bytes of the photos and masks that are kept prepared, at the largest size: four a pixel, as far as the options allow.</summary>
    public required long PhotoBytes { get; init; }

    /// <summary>Bytes of the weights, gradients, moments, average and copies of them.</summary>
    public required long WeightBytes { get; init; }

    /// <summary>Bytes of one step at the largest stage, and of the batches that wait for theirs.</summary>
    public required long StepBytes { get; init; }

    /// <summary>Bytes of the whole process at its peak.</summary>
    public long TotalBytes => ProgramBytes + PhotoBytes + WeightBytes + StepBytes;

    /// <summary>Reads the data set's listing, and the checkpoint to go on from, and tells what the training will take; loads no native library and writes nothing.</summary>
    /// <param name="options">What to do.</param>
    /// <param name="resume">Whether to go on from the checkpoint of the output folder, where it has one.</param>
    /// <param name="force">Whether a run in the output folder may be replaced, or gone on with otherwise.</param>
    /// <param name="cancellation">Stops between two files.</param>
    /// <exception cref="TrainingException">The output folder is taken, or the run in it was begun otherwise.</exception>
    /// <exception cref="ModelException">The checkpoint is damaged.</exception>
    /// <exception cref="DatasetException">The folder or the split file cannot be used, or there is nothing to train on or to validate by.</exception>
    /// <exception cref="SettingsException">A value of the options cannot be trained with.</exception>
    public static TrainingForecast Read(TrainingOptions options, bool resume, bool force, CancellationToken cancellation)
    {
        options.Check();
        return Read(options, DatasetContents.Read(options.DataPath, options.SplitPath, cancellation), resume, force);
    }

    /// <summary>The same for a data set that is read already.</summary>
    internal static TrainingForecast Read(TrainingOptions options, DatasetContents data, bool resume, bool force)
    {
        data.EnsureTrainable();
        int training = data.Part(DatasetSplit.Train).Count, validation = data.Part(DatasetSplit.Validation).Count;
        string checkpoint = RunFolder.CheckpointIn(options.OutputPath);
        if (!resume || !File.Exists(checkpoint))
        {
            if (!force) RunFolder.DemandFree(options.OutputPath);
            return Estimate(options, training, validation);
        }

        var state = Checkpoint.Read(checkpoint).State;
        var settled = options with
        {
            Stages = options.Stages.Count > 0 ? options.Stages : Recipe.StagesFor(training),
            Precision = ProcessorFeatures.Choose(options.Precision),
            Device = options.Device == ComputeDevice.Auto ? state.Options!.Device : options.Device, // only libtorch could say which
        };
        Resumption.DemandSame(state, settled, data, force);
        return Estimate(settled, training, validation, state);
    }

    /// <summary>Tells what training on so many photos will take, from the first step on or from where a checkpoint was made.</summary>
    internal static TrainingForecast Estimate(TrainingOptions options, int trainingPhotos, int validationPhotos, TrainingState? from = null)
    {
        int finished = from?.Epoch ?? 0;
        var stages = options.Stages.Count > 0 ? options.Stages : Recipe.StagesFor(trainingPhotos);
        var clock = new TrainingClock(stages, trainingPhotos);
        int bytesPerNumber = ProcessorFeatures.Choose(options.Precision) == Precision.BFloat16 ? 2 : 4;
        TrainingStage[] coming = [.. stages.Where((_, i) => stages.Take(i + 1).Sum(s => s.Epochs) > finished).DefaultIfEmpty(stages[^1])];
        var largest = coming.MaxBy(s => StepMemory.BatchBytes(s))!;
        long photo = 4L * coming.Max(s => s.Size) * coming.Max(s => s.Size);
        return new TrainingForecast
        {
            TrainingPhotos = trainingPhotos,
            ValidationPhotos = validationPhotos,
            Epochs = clock.TotalEpochs,
            FinishedEpochs = finished,
            Steps = Math.Max(0, clock.TotalSteps - (from?.Step ?? 0)),
            LargestStage = largest,
            PhotoBytes = Math.Min(photo * trainingPhotos, options.CacheBytes * 4 / 5) + Math.Min(photo * validationPhotos, options.CacheBytes / 5),
            WeightBytes = StepMemory.WeightBytes(options.BaseChannels),
            StepBytes = StepMemory.Bytes(largest, options.BaseChannels, bytesPerNumber) + ((1L + options.AugmentationThreads) * StepMemory.BatchBytes(largest)),
        };
    }

    /// <summary>One line for people.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{TrainingPhotos} photos to train on, {ValidationPhotos} to validate by: {Steps} steps in {Epochs - FinishedEpochs} {(Epochs - FinishedEpochs == 1 ? "epoch" : "epochs")}{After}; about {Gigabytes(TotalBytes)} of memory ({LargestStage.BatchSize} photos at {LargestStage.Size} px {Gigabytes(StepBytes)}, kept photos {Gigabytes(PhotoBytes)}, weights {Gigabytes(WeightBytes)})");

    private string After => FinishedEpochs == 0 ? "" : FormattableString.Invariant($" after the {FinishedEpochs} that are done");

    private static string Gigabytes(long bytes) => FormattableString.Invariant($"{bytes / 1e9:0.0#} GB");
}
