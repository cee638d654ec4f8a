using WaterMeters.Ml.Datasets;
using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Runtime;
using static TorchSharp.torch;

namespace WaterMeters.Ml.Training;

/// <summary>One training: the loop over stages and epochs, the best epoch and the checkpoints.</summary>
internal sealed class TrainingRun : IDisposable
{
    private readonly TrainingOptions options;
    private readonly ITrainingObserver observer;
    private readonly DatasetContents data;
    private readonly IReadOnlyList<HashedPair> training, validation;
    private readonly RunFolder folder;
    private readonly TrainingClock clock;
    private readonly Checkpoint? start;
    private readonly Device where;
    private readonly FinalScores final;
    private TrainingState? lost; // the last good state, when the loss was not finite twice

    private TrainingRun(
        TrainingOptions wish, DatasetContents data, ITrainingObserver observer, Checkpoint? start, bool otherwise, Func<TrainingOptions, RunFolder> open, CancellationToken cancellation)
    {
        (this.data, this.observer, this.start) = (data, observer, start);
        data.EnsureTrainable();
        (training, validation) = (data.Part(DatasetSplit.Train), data.Part(DatasetSplit.Validation));
        (var device, where) = TorchDevices.Choose(wish.Device);
        options = wish with
        {
            Stages = wish.Stages.Count > 0 ? wish.Stages : Recipe.StagesFor(training.Count),
            Precision = TorchDevices.Choose(wish.Precision),
            Device = device,
        };
        clock = new TrainingClock(options.Stages, training.Count);
        if (start is not null) CheckSameAs(start.State, otherwise);
        observer.Detail($"Checking the files of {data.Pairs.Count} pairs.");
        data.CheckFiles(cancellation);

        // Last, since it removes the run it replaces: what cannot start must not cost the old one.
        folder = open(options);
        final = new FinalScores(options, data, folder, observer);
    }

    /// <summary>A training from its first step.</summary>
    public static TrainingRun Begin(TrainingOptions options, DatasetContents data, bool replace, ITrainingObserver observer, CancellationToken cancellation) =>
        new(options, data, observer, start: null, otherwise: false, settled => new RunFolder(settled.OutputPath, replace), cancellation);

    /// <summary>A training from a checkpoint on.</summary>
    public static TrainingRun GoOn(TrainingOptions options, DatasetContents data, Checkpoint start, bool otherwise, ITrainingObserver observer, CancellationToken cancellation) =>
        new(options, data, observer, start, otherwise, settled => new RunFolder(settled.OutputPath, start.State.Epochs), cancellation);

    /// <inheritdoc/>
    public void Dispose() => folder.Dispose();

    /// <summary>Trains as one attempt of several: the test photos stay closed, and a loss that is not finite twice is the end of this attempt alone.</summary>
    public TrainingResult Attempt(CancellationToken cancellation)
    {
        try
        {
            return ToEnd(test: false, cancellation);
        }
        catch (TrainingException e) when (lost is { } kept)
        {
            observer.Warn($"This attempt is out. {e.Message}");
            return Result(kept, TrainingScores.None, TrainingStop.Failed, e.Message);
        }
    }

    /// <summary>Trains until the last epoch or an early stop, then measures the best model.</summary>
    /// <param name="test">Whether on the test photos too.</param>
    /// <param name="cancellation">Looked at between forward, backward and update.</param>
    public TrainingResult ToEnd(bool test, CancellationToken cancellation)
    {
        observer.Say(TrainingForecast.Estimate(options, training.Count, validation.Count, start?.State).ToString());
        observer.Detail("Preparing the network.");
        using var network = new TrainingNetwork(options, options.Precision, where);
        var schedule = LearningRateSchedule.Create(options, clock.TotalSteps);
        var (good, state) = Start(network, schedule);

        PlaneStore? trainingStore = null, validationStore = null;
        while (state.Epoch < clock.TotalEpochs && !EndsEarly(state))
        {
            var stage = clock.StageOf(state.Epoch);
            if (trainingStore is null || clock.StartsStage(state.Epoch))
            {
                bool normalized = !new Augmentation(options).Rotates;
                trainingStore = new PlaneStore(training, stage.Size, normalized, options.CacheBytes * 4 / 5);
                validationStore = new PlaneStore(validation, stage.Size, normalized: true, options.CacheBytes / 5);
                network.EnterStage(clock.StepsBeforeStageOf(state.Epoch));
            }

            var (loss, rate) = TrainEpoch(network, schedule, trainingStore, stage, state, cancellation);
            if (!double.IsFinite(loss))
            {
                state = SetBack(network, schedule, good, state);
                continue;
            }

            observer.Detail($"Epoch {state.Epoch + 1} of {clock.TotalEpochs}: validating on {validation.Count} photos.");
            var weights = network.ModelWeights();
            var scores = EpochValidation.Measure(network, options, weights, validationStore!, validation.Count, options.Precision, where, cancellation);
            schedule.EpochEnded(scores.Loss);
            var ended = Advance(state, stage, scores.Loss, network.Steps, schedule, out bool best);
            var record = clock.Epoch(ended, stage, rate, loss, scores, best);
            ended = ended with { Epochs = [.. state.Epochs, record] };
            var checkpoint = network.Snapshot(ended, best ? weights : good.Best);

            // Weights that the last steps ruined show here first, as does a validation loss that is none though the weights are numbers.
            if (!double.IsFinite(scores.Loss) || !checkpoint.IsFinite)
            {
                state = SetBack(network, schedule, good, state);
                continue;
            }

            observer.Detail($"Epoch {ended.Epoch} of {clock.TotalEpochs}: writing the checkpoint.");
            (good, state) = (checkpoint, ended);
            good.Write(folder.CheckpointPath);
            if (best) ModelFile.Save(final.Model(weights, stage.Size, null), folder.ModelPath);
            folder.Append(record);
            observer.EpochEnded(record);
        }

        var measured = final.Measure(good, test, cancellation);
        return EndsEarly(state)
            ? Result(state, measured, TrainingStop.EarlyStop, $"It stopped after epoch {state.Epoch}: the lowest validation loss was that of epoch {state.BestEpoch}.")
            : Result(state, measured, TrainingStop.Finished, $"It ran to its last epoch, {state.Epoch}.");
    }

    private (Checkpoint Good, TrainingState State) Start(TrainingNetwork network, LearningRateSchedule schedule)
    {
        if (start is null)
        {
            var first = new TrainingState
            {
                Options = options, Threads = get_num_threads(), DataDigest = data.Digest, SplitDigest = data.SplitDigest, Schedule = schedule.State,
            };
            return (network.Snapshot(first, []), first);
        }

        network.Restore(start);
        var state = start.State with { Options = options, Threads = get_num_threads(), DataDigest = data.Digest, SplitDigest = data.SplitDigest };
        if (state.Schedule.Length == schedule.State.Length) schedule.State = state.Schedule;

        // The model is written after the checkpoint: the kill may have come between the two.
        if (start.Best.Count > 0) ModelFile.Save(final.Model(start.Best, state.BestSize, null), folder.ModelPath);
        observer.Say(EndsEarly(state) || state.Epoch >= clock.TotalEpochs
            ? $"resumes after the last epoch, {state.Epoch}: only the final scores are measured"
            : $"resumes after epoch {state.Epoch} of {clock.TotalEpochs}");
        return (start with { State = state }, state);
    }

    private void CheckSameAs(TrainingState before, bool otherwise)
    {
        if (Resumption.DemandSame(before, options, data, otherwise) is { } list) observer.Warn($"The run goes on otherwise than it was begun: {list}.");
        if (before.Threads != get_num_threads()) observer.Warn($"The run was begun with {before.Threads} threads and goes on with {get_num_threads()}: the last digits will differ from those of an unbroken one.");
    }

    /// <summary>Whether the last stage has gone on for as long as it may without a lower validation loss.</summary>
    private bool EndsEarly(TrainingState state) =>
        options.EarlyStoppingPatience > 0 && state.Epoch > 0 && clock.IsLastStage(state.Epoch - 1) && state.BadEpochs >= options.EarlyStoppingPatience;

    private (double Loss, double Rate) TrainEpoch(
        TrainingNetwork network, LearningRateSchedule schedule, PlaneStore store, TrainingStage stage, TrainingState state, CancellationToken cancellation)
    {
        observer.Detail($"Epoch {state.Epoch + 1} of {clock.TotalEpochs}: training on {training.Count} photos at {stage.Size} px.");
        var batches = new BatchSource(options, store, training.Count, stage.BatchSize);
        clock.StartEpoch();
        double sum = 0, rate = 0;
        int photos = 0, step = 0;
        foreach (var batch in batches.Epoch(state.Epoch, state.Setbacks, cancellation))
        {
            using (batch)
            {
                // After a setback the same steps would end in the same place; half the rate and other random numbers do not.
                rate = schedule.Rate(network.Steps, clock.Done(state.Epoch, photos)) / (1 << state.Setbacks);
                double loss = network.Step(batch, rate, cancellation);
                if (!double.IsFinite(loss)) return (loss, rate);
                sum += loss * batch.Count;
                photos += batch.Count;
                var progress = clock.Step(state.Epoch, ++step, batch.Count, loss);
                observer.Stepped(progress);
                TellTime(progress);
            }
        }

        clock.EndTraining();
        return (sum / photos, rate);
    }

    private void TellTime(TrainingProgress progress)
    {
        if (!clock.PaceBecameKnown || progress.Remaining is not { } left) return;
        string time = left.TotalMinutes < 1 ? "less than a minute" : FormattableString.Invariant($"about {left.TotalMinutes:0} min");
        observer.Say($"{time} to go, at the pace of the first steps at {progress.Size} px");
    }

    private TrainingState SetBack(TrainingNetwork network, LearningRateSchedule schedule, Checkpoint good, TrainingState failed)
    {
        // Asked of the state that failed: the good one may be older than the way back.
        if (failed.Setbacks > 0)
        {
            string kept = good.State.Epoch > 0 ? $"The last good state is in '{folder.CheckpointPath}'." : "No epoch was finished.";
            lost = good.State;
            throw new TrainingException(options.OutputPath, $"The loss is not finite a second time, in epoch {good.State.Epoch + 1}. {kept} Use a lower -LearningRate or -Precision float32, and check the photos with Test-WmsDataset.");
        }

        observer.Warn($"The loss is not finite in epoch {good.State.Epoch + 1}: training goes on from the end of epoch {good.State.Epoch} with half the learning rate.");
        network.Restore(good);
        var state = good.State with { Setbacks = 1 };
        schedule.State = state.Schedule;
        return state;
    }

    /// <summary>The state after an epoch. A larger image size always beats a smaller one: the model's input size is the last stage's.</summary>
    private TrainingState Advance(TrainingState state, TrainingStage stage, double loss, long steps, LearningRateSchedule schedule, out bool best)
    {
        best = stage.Size > state.BestSize || loss < state.BestLoss;
        int epoch = state.Epoch + 1;
        return state with
        {
            Epoch = epoch,
            Step = steps,
            Schedule = schedule.State,
            BestEpoch = best ? epoch : state.BestEpoch,
            BestSize = best ? stage.Size : state.BestSize,
            BestLoss = best ? loss : state.BestLoss,
            BadEpochs = best || clock.StartsStage(state.Epoch) ? 0 : state.BadEpochs + 1,
            Photos = state.Photos + training.Count,
            TrainingTime = state.TrainingTime + clock.EpochTrainingTime,
        };
    }

    private TrainingResult Result(TrainingState state, TrainingScores scores, TrainingStop stop, string reason) => new()
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
        BestEpoch = state.BestEpoch,
        TrainingPhotos = training.Count,
        ValidationPhotos = validation.Count,
        TestPhotos = scores.TestPhotos,
        ValidationDice = scores.ValidationDice,
        ValidationIoU = scores.ValidationIoU,
        TestDice = scores.TestDice,
        TestIoU = scores.TestIoU,
        TestHausdorff = scores.TestHausdorff,
        Seed = options.Seed,
        Precision = options.Precision,
        Device = options.Device,
        PhotosPerSecond = state.Photos / state.TrainingTime.TotalSeconds,
        Duration = clock.Elapsed,
    };
}
