using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Runtime;

namespace WaterMeters.Ml.Training;

/// <summary>
/// An estimate of a training before it starts: its steps, and its memory at the peak (docs/decisions/memory-bounds.md compares it with
/// measurements).
/// </summary>
public sealed record TrainingForecast
{
    /// <summary>Memory of such a process that is not counted here: PowerShell, .NET, libtorch's code, and a photo being decoded.</summary>
    internal const long ProgramBytes = 450L << 20;

    /// <summary>Photos to train on.</summary>
    public required int TrainingPhotos { get; init; }

    /// <summary>Photos to validate on.</summary>
    public required int ValidationPhotos { get; init; }

    /// <summary>Epochs of all stages.</summary>
    public required int Epochs { get; init; }

    /// <summary>Epochs finished in the checkpoint to resume from; 0 for a new training.</summary>
    public int FinishedEpochs { get; init; }

    /// <summary>Remaining updates of the weights.</summary>
    public required long Steps { get; init; }

    /// <summary>The remaining stage whose step takes the most memory.</summary>
    public required TrainingStage LargestStage { get; init; }

    /// <summary>Bytes of the photos and masks kept in memory at the largest size: four per pixel, up to the limit in the options.</summary>
    public required long PhotoBytes { get; init; }

    /// <summary>Bytes of the weights, gradients, moments, average and their copies.</summary>
    public required long WeightBytes { get; init; }

    /// <summary>Bytes of one step at the largest stage, and of the batches prepared ahead.</summary>
    public required long StepBytes { get; init; }

    /// <summary>The stages, finished ones included.</summary>
    public required string Stages { get; init; }

    /// <summary>
    /// Time of the remaining epochs on this processor, a rough estimate; null if a CUDA device may compute them.
    /// </summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Bytes of the whole process at its peak.</summary>
    public long TotalBytes => ProgramBytes + PhotoBytes + WeightBytes + StepBytes;

    /// <summary>Estimates a training from the listing of its data set; loads no native library and writes nothing.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="run">The run to resume; null for a new training.</param>
    /// <param name="force">Whether a run in the output folder may be replaced, or resumed with changes.</param>
    /// <param name="cancellation">Checked between two files.</param>
    /// <exception cref="TrainingException">The output folder holds a run, or the run to resume has changes.</exception>
    /// <exception cref="DatasetException">
    /// The folder or the split file cannot be used, or there are no photos to train on or to validate on.
    /// </exception>
    /// <exception cref="SettingsException">An option has an invalid value.</exception>
    public static TrainingForecast Read(TrainingOptions options, ResumableRun? run, bool force, CancellationToken cancellation)
    {
        options.Check();
        return Read(options, DatasetContents.Read(options.DataPath, options.SplitPath, cancellation), run, force);
    }

    /// <summary>Estimates a training on a data set that has been read.</summary>
    internal static TrainingForecast Read(TrainingOptions options, DatasetContents data, ResumableRun? run, bool force)
    {
        data.EnsureTrainable();
        int training = data.Part(DatasetSplit.Train).Count, validation = data.Part(DatasetSplit.Validation).Count;
        if (run is null)
        {
            if (!force) RunFolder.EnsureFree(options.OutputPath);
            return Estimate(options, training, validation);
        }

        var chosen = Recipe.WithStages(options, training) with
        {
            Precision = ProcessorFeatures.Choose(options.Precision),
            Device = options.Device == ComputeDevice.Auto ? run.Options.Device : options.Device, // only libtorch knows the devices
        };
        ResumeCheck.Ensure(run.Checkpoint.State, chosen, data, force);
        return Estimate(chosen, training, validation, run.Checkpoint.State);
    }

    /// <summary>Estimates a training on so many photos, from its first step or from a checkpoint.</summary>
    internal static TrainingForecast Estimate(
        TrainingOptions options, int trainingPhotos, int validationPhotos, CheckpointState? start = null)
    {
        int finished = start?.Epoch ?? 0;
        var stages = Recipe.WithStages(options, trainingPhotos).Stages;
        BatchPlan.Check(stages, trainingPhotos);
        var clock = new TrainingClock(stages, trainingPhotos);
        var precision = ProcessorFeatures.Choose(options.Precision);
        int bytesPerNumber = precision == Precision.BFloat16 ? 2 : 4;
        bool mayUseCuda = options.Device == ComputeDevice.Cuda || (options.Device == ComputeDevice.Auto && TorchDevices.MayHaveCuda);
        TrainingStage[] remaining =
            [.. stages.Where((_, i) => stages.Take(i + 1).Sum(s => s.Epochs) > finished).DefaultIfEmpty(stages[^1])];
        var largest = remaining.MaxBy(s => StepMemory.BatchBytes(s))!;
        long photo = 4L * remaining.Max(s => s.Size) * remaining.Max(s => s.Size), cache = options.CacheBytes;
        long batches = (1L + options.AugmentationThreads) * StepMemory.BatchBytes(largest);
        return new TrainingForecast
        {
            TrainingPhotos = trainingPhotos,
            ValidationPhotos = validationPhotos,
            Epochs = clock.TotalEpochs,
            FinishedEpochs = finished,
            Steps = Math.Max(0, clock.TotalSteps - (start?.Step ?? 0)),
            LargestStage = largest,
            PhotoBytes = Math.Min(photo * trainingPhotos, cache * 4 / 5) + Math.Min(photo * validationPhotos, cache / 5),
            WeightBytes = StepMemory.WeightBytes(options.BaseChannels),
            StepBytes = StepMemory.Bytes(largest, options.BaseChannels, bytesPerNumber) + batches,
            Stages = string.Join(',', stages),
            Duration = mayUseCuda
                ? null
                : TrainingSpeed.Estimate(stages, finished, trainingPhotos, validationPhotos, options.BaseChannels, precision),
        };
    }

    /// <summary>Returns one line for people.</summary>
    public override string ToString()
    {
        int epochs = Epochs - FinishedEpochs;
        string after = FinishedEpochs == 0 ? "" : FormattableString.Invariant($" after the {FinishedEpochs} finished");
        string work = FormattableString.Invariant(
            $"{Steps} {(Steps == 1 ? "step" : "steps")} in {epochs} {(epochs == 1 ? "epoch" : "epochs")}{after}");
        string step = FormattableString.Invariant($"{LargestStage.BatchSize} photos at {LargestStage.Size} px {Size(StepBytes)}");
        return FormattableString.Invariant($"{TrainingPhotos} training photos, {ValidationPhotos} validation photos: {work}; ") +
            FormattableString.Invariant($"about {TotalBytes / 1e9:0.0#} GB of memory ") +
            $"({step}, photos kept in memory {Size(PhotoBytes)}, weights {Size(WeightBytes)}); stages {Stages}" +
            (Duration is { } time ? $"; roughly {Time(time)} on this processor" : "");
    }

    private static string Time(TimeSpan time) => time.TotalMinutes switch
    {
        < 1 => "a minute or less",
        < 90 => FormattableString.Invariant($"{Math.Ceiling(time.TotalMinutes):0} minutes"),
        _ => FormattableString.Invariant($"{time.TotalHours:0.0} hours"),
    };

    private static string Size(long bytes) => bytes < 100_000_000
        ? FormattableString.Invariant($"{Math.Ceiling(bytes / 1e6):0} MB")
        : FormattableString.Invariant($"{bytes / 1e9:0.0#} GB");
}
