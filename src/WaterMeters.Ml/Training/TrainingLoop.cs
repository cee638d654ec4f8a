using WaterMeters.Ml.Datasets;
using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Runtime;
using static TorchSharp.torch;

namespace WaterMeters.Ml.Training;

/// <summary>
/// One training: loops over stages and epochs, keeps the best epoch's model and the checkpoint, and goes back to the last good epoch once
/// when the loss is not finite.
/// </summary>
internal sealed class TrainingLoop : IDisposable
{
    private readonly TrainingOptions options;
    private readonly ITrainingObserver observer;
    private readonly DatasetContents data;
    private readonly IReadOnlyList<HashedPair> training, validation;
    private readonly RunFolder folder;
    private readonly TrainingClock clock;
    private readonly Checkpoint? start;
    private readonly Device device;
    private readonly ModelBuilder models;
    private readonly FinalEvaluation finalEvaluation;
    private CheckpointState? stateBeforeFailure; // set when the loss was not finite twice

    private TrainingLoop(
        TrainingOptions requested, DatasetContents data, ITrainingObserver observer, Checkpoint? start, bool allowChanges,
        Func<TrainingOptions, RunFolder> openFolder, CancellationToken cancellation)
    {
        (this.data, this.observer, this.start) = (data, observer, start);
        data.EnsureTrainable();
        (training, validation) = (data.Part(DatasetSplit.Train), data.Part(DatasetSplit.Validation));
        (var computeDevice, device) = TorchDevices.Choose(requested.Device);
        options = Recipe.WithStages(requested, training.Count) with
        {
            Precision = TorchDevices.Choose(requested.Precision),
            Device = computeDevice,
        };
        BatchPlan.Check(options.Stages, training.Count);
        clock = new TrainingClock(options.Stages, training.Count);
        if (start is not null) CheckChanges(start.State, allowChanges);
        observer.Verbose($"Checking the files of {data.Pairs.Count} pairs.");
        data.CheckFiles(cancellation);
        foreach (var part in new[] { DatasetSplit.Train, DatasetSplit.Validation, DatasetSplit.Test })
        {
            data.EnsureWindow(data.Part(part), $"the {part} part", cancellation);
        }

        // Last, because it removes the run it replaces: a training that cannot start must not cost the old run.
        folder = openFolder(options);
        models = new ModelBuilder(options, data, folder.ModelPath);
        finalEvaluation = new FinalEvaluation(options, data, folder, observer);
    }

    /// <summary>Prepares a training from its first step.</summary>
    public static TrainingLoop Start(
        TrainingOptions options, DatasetContents data, bool replace, ITrainingObserver observer, CancellationToken cancellation) =>
        new(options, data, observer, null, false, chosen => new RunFolder(chosen.OutputPath, replace), cancellation);

    /// <summary>Prepares a training that resumes from a checkpoint.</summary>
    public static TrainingLoop Resume(
        TrainingOptions options, DatasetContents data, Checkpoint start, bool allowChanges, ITrainingObserver observer,
        CancellationToken cancellation) =>
        new(options, data, observer, start, allowChanges, chosen => new RunFolder(chosen.OutputPath, start.State.Epochs), cancellation);

    /// <inheritdoc/>
    public void Dispose() => folder.Dispose();

    /// <summary>
    /// Trains one of several attempts: the test photos are not read, and a loss that is not finite twice fails this attempt alone.
    /// </summary>
    public TrainingResult RunAttempt(CancellationToken cancellation)
    {
        try
        {
            return Run(includeTest: false, cancellation);
        }
        catch (TrainingException e) when (stateBeforeFailure is { } state)
        {
            observer.Warn($"This attempt failed. {e.Message}");
            return CreateResult(state, TrainingScores.None, TrainingStop.Failed, e.Message);
        }
    }

    /// <summary>Trains until the last epoch or an early stop, then measures the best model.</summary>
    /// <param name="includeTest">Whether to measure it on the test photos too.</param>
    /// <param name="cancellation">Checked between forward, backward and update.</param>
    public TrainingResult Run(bool includeTest, CancellationToken cancellation)
    {
        observer.Information(TrainingForecast.Estimate(options, training.Count, validation.Count, start?.State).ToString());
        observer.TrainingStarted(Describe());
        observer.Verbose("Preparing the network.");
        using var network = new TrainingNetwork(options, options.Precision, device);
        var schedule = LearningRateSchedule.Create(options, clock.TotalSteps);
        var epochs = new EpochRunner(options, training, validation, network, schedule, clock, device, observer);
        var good = InitialCheckpoint(network, schedule);
        var state = good.State;
        while (state.Epoch < clock.TotalEpochs && !StopsEarly(state))
        {
            var (loss, rate) = epochs.Train(state, cancellation);
            if (!double.IsFinite(loss))
            {
                state = SetBack(network, schedule, good, state);
                continue;
            }

            var (weights, scores) = epochs.Validate(state, cancellation);
            schedule.EpochEnded(scores.Loss);
            var ended = Advance(state, scores.Loss, network.Steps, schedule, out bool best);
            var record = CreateRecord(ended, rate, loss, scores, best);
            ended = ended with { Epochs = [.. state.Epochs, record] };
            var checkpoint = network.CreateCheckpoint(ended, best ? weights : good.Best);

            // Weights ruined by the last steps show only here, as does a validation loss that is not finite although the weights are.
            if (!double.IsFinite(scores.Loss) || !checkpoint.IsFinite)
            {
                state = SetBack(network, schedule, good, state);
                continue;
            }

            (good, state) = (checkpoint, ended);
            Save(good, record);
            if (OutcomeWarnings.OfGrowingLoss(state.Epochs) is { } growth) observer.Warn(growth);
        }

        var finalScores = finalEvaluation.Measure(good, includeTest, cancellation);
        var result = StopsEarly(state)
            ? CreateResult(
                state, finalScores, TrainingStop.EarlyStop,
                $"Stopped early after epoch {state.Epoch}: epoch {state.BestEpoch} had the lowest validation loss.")
            : CreateResult(state, finalScores, TrainingStop.Finished, $"Completed the last epoch, {state.Epoch}.");
        if (OutcomeWarnings.OfUselessModel(result, state.Epochs) is { } useless) observer.Warn(useless);
        observer.TrainingEnded(result);
        return result;
    }

    private TrainingStart Describe() => new()
    {
        Options = options,
        EpochsDone = start?.State.Epoch ?? 0,
        DataDigest = data.Digest,
        SplitDigest = data.SplitDigest,
        Photos = Enum.GetValues<DatasetSplit>().ToDictionary(part => part, part => data.Part(part).Count),
        ValidationPhotos = [.. validation.Select(p => p.Pair.ImagePath)],
        Threads = get_num_threads(),
    };

    /// <summary>Returns the untrained network as a checkpoint, or the one to resume from, restored into the network.</summary>
    private Checkpoint InitialCheckpoint(TrainingNetwork network, LearningRateSchedule schedule)
    {
        if (start is null)
        {
            return network.CreateCheckpoint(WithInputs(new CheckpointState { Schedule = schedule.State }), []);
        }

        network.Restore(start);
        var state = WithInputs(start.State);
        if (state.Schedule.Length == schedule.State.Length) schedule.State = state.Schedule;

        // The model is written after the checkpoint, and the training may have been killed between the two.
        if (start.Best.Count > 0) ModelFile.Save(models.Build(start.Best, state.BestSize), folder.ModelPath);
        observer.Information(StopsEarly(state) || state.Epoch >= clock.TotalEpochs
            ? $"resumes after the last epoch, {state.Epoch}: only the final scores are measured"
            : $"resumes after epoch {state.Epoch} of {clock.TotalEpochs}");
        return start with { State = state };
    }

    private CheckpointState WithInputs(CheckpointState state) => state with
    {
        Options = options,
        Threads = get_num_threads(),
        DataDigest = data.Digest,
        SplitDigest = data.SplitDigest,
    };

    private void CheckChanges(CheckpointState before, bool allowChanges)
    {
        if (ResumeCheck.Ensure(before, options, data, allowChanges) is { } changes)
        {
            observer.Warn($"The run resumes with changed settings: {changes}.");
        }

        int threads = get_num_threads();
        if (before.Threads == threads) return;
        observer.Warn(
            $"The run started with {before.Threads} threads and resumes with {threads}: " +
            "the last digits of its results will differ from those of an uninterrupted run.");
    }

    /// <summary>Returns whether the last stage has run its patience without a lower validation loss.</summary>
    private bool StopsEarly(CheckpointState state) =>
        options.EarlyStoppingPatience > 0 && state.Epoch > 0 && clock.IsLastStage(state.Epoch - 1) &&
        state.BadEpochs >= options.EarlyStoppingPatience;

    /// <summary>Returns to the last good epoch once; a second loss that is not finite ends the training.</summary>
    private CheckpointState SetBack(TrainingNetwork network, LearningRateSchedule schedule, Checkpoint good, CheckpointState failed)
    {
        int epoch = good.State.Epoch;

        // Check the failed state: `good` may predate the first setback.
        if (failed.Setbacks > 0)
        {
            stateBeforeFailure = good.State;
            string kept = epoch > 0 ? $"The last good state is in '{folder.CheckpointPath}'." : "No epoch was finished.";
            throw new TrainingException(
                options.OutputPath,
                $"The loss is not finite (NaN or infinity) for the second time, in epoch {epoch + 1}. {kept} " +
                "Use a lower -LearningRate or -Precision float32, and check the photos with Test-WmsDataset.");
        }

        string from = epoch > 0 ? $"continues from the end of epoch {epoch}" : "starts again";
        observer.Warn($"The loss is not finite (NaN or infinity) in epoch {epoch + 1}: training {from} with half the learning rate.");
        network.Restore(good);
        var state = good.State with { Setbacks = 1 };
        schedule.State = state.Schedule;
        return state;
    }

    /// <summary>
    /// Returns the state after an epoch. A larger image size always beats a smaller one: the model's input size is the last stage's.
    /// </summary>
    private CheckpointState Advance(CheckpointState state, double loss, long steps, LearningRateSchedule schedule, out bool best)
    {
        int size = clock.StageOf(state.Epoch).Size, epoch = state.Epoch + 1;
        best = size > state.BestSize || loss < state.BestLoss;
        return state with
        {
            Epoch = epoch,
            Step = steps,
            Schedule = schedule.State,
            BestEpoch = best ? epoch : state.BestEpoch,
            BestSize = best ? size : state.BestSize,
            BestLoss = best ? loss : state.BestLoss,
            BadEpochs = best || clock.StartsStage(state.Epoch) ? 0 : state.BadEpochs + 1,
            Photos = state.Photos + training.Count,
            TrainingTime = state.TrainingTime + clock.EpochTrainingTime,
        };
    }

    private EpochRecord CreateRecord(CheckpointState ended, double rate, double loss, EpochScores scores, bool best)
    {
        var stage = clock.StageOf(ended.Epoch - 1);
        return new EpochRecord
        {
            Epoch = ended.Epoch,
            Epochs = clock.TotalEpochs,
            Size = stage.Size,
            BatchSize = stage.BatchSize,
            LearningRate = rate,
            TrainingLoss = loss,
            ValidationLoss = scores.Loss,
            ValidationDice = scores.Dice,
            ValidationIoU = scores.IoU,
            IsBest = best,
            PhotosPerSecond = training.Count / clock.EpochTrainingTime.TotalSeconds,
            Duration = clock.EpochElapsed,
        };
    }

    /// <summary>Writes the checkpoint first, then the model if it is the best so far, then the line of the epoch in the log.</summary>
    private void Save(Checkpoint checkpoint, EpochRecord record)
    {
        observer.Verbose($"Epoch {record.Epoch} of {clock.TotalEpochs}: writing the checkpoint.");
        checkpoint.Write(folder.CheckpointPath);
        if (record.IsBest) ModelFile.Save(models.Build(checkpoint.Best, record.Size), folder.ModelPath);
        folder.Epochs.Append(record);
        observer.EpochEnded(record);
    }

    private TrainingResult CreateResult(CheckpointState state, TrainingScores scores, TrainingStop stop, string reason) => new()
    {
        ModelPath = folder.ModelPath,
        OutputPath = folder.Path,
        DataPath = options.DataPath,
        SplitPath = options.SplitPath,
        CheckpointPath = folder.CheckpointPath,
        MetricsPath = folder.MetricsPath,
        StopReason = stop,
        EndReason = reason,
        Epochs = state.Epoch,
        BestEpoch = state.BestEpoch > 0 ? state.BestEpoch : null,
        TrainingPhotos = training.Count,
        ValidationPhotos = validation.Count,
        TestPhotos = scores.TestPhotos,
        ValidationDice = TrainingScores.Known(scores.ValidationDice),
        ValidationIoU = TrainingScores.Known(scores.ValidationIoU),
        TestDice = TrainingScores.Known(scores.TestDice),
        TestIoU = TrainingScores.Known(scores.TestIoU),
        TestHausdorff = TrainingScores.Known(scores.TestHausdorff),
        Seed = options.Seed,
        Precision = options.Precision,
        Device = options.Device,
        PhotosPerSecond = TrainingScores.Known(state.Photos / state.TrainingTime.TotalSeconds),
        Duration = clock.Elapsed,
    };
}
