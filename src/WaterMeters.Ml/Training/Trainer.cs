using WaterMeters.Ml.Datasets;
using WaterMeters.Ml.Evaluation;
using WaterMeters.Ml.Inference.Torch;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Runtime;
using static TorchSharp.torch;

namespace WaterMeters.Ml.Training;

/// <summary>Trains one model: the loop over stages and epochs, the best epoch, the checkpoints and the scores at the end.</summary>
public sealed class Trainer
{
    private static int running;

    private readonly TrainingOptions options;
    private readonly ITrainingObserver observer;
    private readonly DatasetContents data;
    private readonly IReadOnlyList<HashedPair> training, validation;
    private readonly IReadOnlyList<TrainingStage> stages;
    private readonly RunFolder folder;
    private readonly TrainingClock clock;
    private readonly Precision precision;
    private readonly ComputeDevice device;
    private readonly Device where;

    private Trainer(TrainingOptions options, DatasetContents data, bool replace, ITrainingObserver observer)
    {
        (this.options, this.data, this.observer) = (options, data, observer);
        (training, validation) = (data.Part(DatasetSplit.Train), data.Part(DatasetSplit.Validation));
        if (training.Count == 0 || validation.Count == 0)
        {
            throw new DatasetException(options.DataPath, $"'{options.DataPath}' gives {training.Count} photos to train on and {validation.Count} to validate by; both need at least one. Add photos, or name others with -SplitPath.");
        }

        stages = options.Stages.Count > 0 ? options.Stages : Recipe.StagesFor(training.Count);
        clock = new TrainingClock(stages, training.Count);
        precision = TorchDevices.Choose(options.Precision);
        (device, where) = TorchDevices.Choose(options.Device);

        foreach (string warning in data.Warnings) observer.Warn(warning);
        data.CheckFiles();

        // Last, since it removes the run it replaces: what cannot start must not cost the old one.
        folder = new RunFolder(options.OutputPath, replace);
    }

    /// <summary>Trains a model. A process trains one at a time: libtorch has one seed, one thread count and one allocator.</summary>
    /// <param name="options">What to do.</param>
    /// <param name="replace">Whether a run in the output folder may be replaced.</param>
    /// <param name="observer">Hears how it goes.</param>
    /// <param name="cancellation">Looked at between forward, backward and update.</param>
    /// <exception cref="TrainingException">Another training runs in this process, the output folder is taken or cannot be written, or the loss is not finite twice.</exception>
    public static TrainingResult Run(TrainingOptions options, bool replace, ITrainingObserver observer, CancellationToken cancellation)
    {
        options.Check();
        if (Interlocked.Exchange(ref running, 1) != 0)
        {
            throw new TrainingException(options.OutputPath, "A training is running in this process already. Wait for it, or start this one in another process (Start-Job).");
        }

        try
        {
            TorchRuntime.EnsureLoaded();
            var data = DatasetContents.Read(options.DataPath, options.SplitPath, cancellation);
            var trainer = new Trainer(options, data, replace, observer);
            using (trainer.folder) return trainer.Run(cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException(options.OutputPath, $"The training in '{options.OutputPath}' cannot go on: {e.Message} Make room or mend the permissions, or name another -OutputPath.", e);
        }
        finally
        {
            Volatile.Write(ref running, 0);
        }
    }

    private TrainingResult Run(CancellationToken cancellation)
    {
        using var network = new TrainingNetwork(options, precision, where);
        var schedule = LearningRateSchedule.Create(options, clock.TotalSteps);
        var state = new TrainingState { Options = options, SplitDigest = data.SplitDigest, Schedule = schedule.State };
        var good = network.Snapshot(state, []);
        var stop = TrainingStop.Finished;

        PlaneStore? trainingStore = null, validationStore = null;
        while (state.Epoch < clock.TotalEpochs)
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

            var weights = network.ModelWeights();
            var scores = EpochValidation.Measure(network, options, weights, validationStore!, validation.Count, precision, where, cancellation);
            schedule.EpochEnded(scores.Loss);
            var ended = Advance(state, stage, scores.Loss, network.Steps, schedule, out bool best);
            var checkpoint = network.Snapshot(ended, best ? weights : good.Best);

            // Weights that the last steps ruined show here first, as does a validation loss that is none though the weights are numbers.
            if (!double.IsFinite(scores.Loss) || !checkpoint.IsFinite)
            {
                state = SetBack(network, schedule, good, state);
                continue;
            }

            (good, state) = (checkpoint, ended);
            good.Write(folder.CheckpointPath);
            if (best) ModelFile.Save(Model(weights, stage.Size, null), folder.ModelPath);
            var record = clock.Epoch(state, stage, rate, loss, scores, best);
            folder.Append(record);
            observer.EpochEnded(record);
            if (options.EarlyStoppingPatience > 0 && clock.IsLastStage(state.Epoch - 1) && state.BadEpochs >= options.EarlyStoppingPatience)
            {
                stop = TrainingStop.EarlyStop;
                break;
            }
        }

        return Finish(good, stop, cancellation);
    }

    private (double Loss, double Rate) TrainEpoch(
        TrainingNetwork network, LearningRateSchedule schedule, PlaneStore store, TrainingStage stage, TrainingState state, CancellationToken cancellation)
    {
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
                observer.Stepped(clock.Step(state.Epoch, ++step, batch.Count, loss));
            }
        }

        clock.EndTraining();
        return (sum / photos, rate);
    }

    private TrainingState SetBack(TrainingNetwork network, LearningRateSchedule schedule, Checkpoint good, TrainingState failed)
    {
        // Asked of the state that failed: the good one may be older than the way back.
        if (failed.Setbacks > 0)
        {
            string kept = good.State.Epoch > 0 ? $"The last good state is in '{folder.CheckpointPath}'." : "No epoch was finished.";
            throw new TrainingException(options.OutputPath, $"The loss is not finite a second time, in epoch {good.State.Epoch + 1}. {kept} Use a lower -LearningRate or -Precision float32, and check the photos with Test-WmsDataset.");
        }

        observer.Warn($"The loss is not finite in epoch {good.State.Epoch + 1}: training goes on from the end of epoch {good.State.Epoch} with half the learning rate.");
        network.Restore(good);
        var state = good.State with { Setbacks = 1 };
        schedule.State = state.Schedule;
        return state;
    }

    /// <summary>The state after an epoch. A larger picture size always beats a smaller one: the model's input size is the last stage's.</summary>
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

    private TrainingResult Finish(Checkpoint last, TrainingStop stop, CancellationToken cancellation)
    {
        var model = Model(last.Best, last.State.BestSize, null);

        // Measured in float32 whatever it was trained in, as Measure-WmsModel and Compare-WmsModel do.
        using var engine = new TorchEngine(model, Precision.Float32, device);
        var evaluator = new ModelEvaluator(engine);
        var validated = ScoreSummary.Of(evaluator.Measure(validation, e => observer.Warn(e.Message), cancellation));
        var test = data.Part(DatasetSplit.Test);
        var tested = ScoreSummary.Of(evaluator.Measure(test, e => observer.Warn(e.Message), cancellation));
        var scores = new TrainingScores(validated.Dice, validated.IoU, tested.Dice, tested.IoU, tested.Hausdorff);
        ModelFile.Save(Model(last.Best, last.State.BestSize, scores), folder.ModelPath);
        folder.WriteMetrics(scores);
        if (test.Count == 0) observer.Warn($"No photo of '{options.DataPath}' belongs to the test part, so the model is not tested.");
        return new TrainingResult
        {
            ModelPath = folder.ModelPath,
            OutputPath = folder.Path,
            DataPath = options.DataPath,
            SplitPath = options.SplitPath,
            CheckpointPath = folder.CheckpointPath,
            MetricsPath = folder.MetricsPath,
            StopReason = stop,
            Epochs = last.State.Epoch,
            BestEpoch = last.State.BestEpoch,
            TrainingPhotos = training.Count,
            ValidationPhotos = validation.Count,
            TestPhotos = tested.Photos,
            ValidationDice = scores.ValidationDice,
            ValidationIoU = scores.ValidationIoU,
            TestDice = scores.TestDice,
            TestIoU = scores.TestIoU,
            TestHausdorff = scores.TestHausdorff,
            Seed = options.Seed,
            Precision = precision,
            Device = device,
            PhotosPerSecond = last.State.Photos / last.State.TrainingTime.TotalSeconds,
            Duration = clock.Elapsed,
        };
    }

    private SegmentationModel Model(IReadOnlyDictionary<string, WeightTensor> weights, int size, TrainingScores? scores) => new()
    {
        Path = folder.ModelPath,
        Shape = new UNetShape(options.BaseChannels, size),
        Weights = weights,
        Seed = options.Seed,
        ModuleVersion = options.ModuleVersion,
        Provenance = new ModelProvenance([.. training.Select(p => p.Hash)], [.. validation.Select(p => p.Hash)], data.Digest, data.SplitDigest),
        Metrics = scores is null ? new Dictionary<string, double>() : new Dictionary<string, double>
        {
            ["val_dice"] = scores.ValidationDice,
            ["val_iou"] = scores.ValidationIoU,
            ["test_dice"] = scores.TestDice,
            ["test_iou"] = scores.TestIoU,
            ["test_hausdorff"] = scores.TestHausdorff,
        },
    };
}
