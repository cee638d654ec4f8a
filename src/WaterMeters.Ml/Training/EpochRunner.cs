using WaterMeters.Ml.Datasets;
using WaterMeters.Ml.Models.Tensors;
using static TorchSharp.torch;

namespace WaterMeters.Ml.Training;

/// <summary>Trains and validates one epoch after another; keeps the photos of the present stage in memory.</summary>
internal sealed class EpochRunner(
    TrainingOptions options, IReadOnlyList<HashedPair> training, IReadOnlyList<HashedPair> validation, TrainingNetwork network,
    LearningRateSchedule schedule, TrainingClock clock, Device device, ITrainingObserver observer)
{
    private PlaneStore? trainingStore, validationStore;

    /// <summary>Trains the epoch after those of a state.</summary>
    /// <returns>
    /// The mean loss over the photos, or the loss of the step that ended the epoch because it is not finite; and the last learning rate.
    /// </returns>
    public (double Loss, double Rate) Train(CheckpointState state, CancellationToken cancellation)
    {
        var stage = clock.StageOf(state.Epoch);
        var store = EnterStage(state, stage);
        observer.Verbose($"Epoch {state.Epoch + 1} of {clock.TotalEpochs}: training on {training.Count} photos at {stage.Size} px.");
        var batches = new BatchSource(options, store, training.Count, stage.BatchSize);
        clock.StartEpoch();
        double sum = 0, rate = 0;
        int photos = 0, step = 0;
        foreach (var batch in batches.Epoch(state.Epoch, state.Setbacks, cancellation))
        {
            using (batch)
            {
                // After a setback the same steps would fail again; half the rate and other random numbers do not.
                rate = schedule.Rate(network.Steps, clock.Done(state.Epoch, photos)) / (1 << state.Setbacks);
                double loss = network.Step(batch, rate, cancellation);
                if (!double.IsFinite(loss)) return (loss, rate);
                sum += loss * batch.Count;
                photos += batch.Count;
                var progress = clock.EndStep(state.Epoch, ++step, batch.Count, loss);
                observer.StepEnded(progress);
                ReportRemaining(progress);
            }
        }

        clock.EndSteps();
        return (sum / photos, rate);
    }

    /// <summary>Measures the weights that would be the model after the epoch trained last.</summary>
    /// <param name="state">The state before that epoch.</param>
    /// <param name="cancellation">Checked between two photos.</param>
    public (Dictionary<string, WeightTensor> Weights, EpochScores Scores) Validate(CheckpointState state, CancellationToken cancellation)
    {
        observer.Verbose($"Epoch {state.Epoch + 1} of {clock.TotalEpochs}: validating on {validation.Count} photos.");
        var weights = network.ModelWeights();
        return (weights, EpochValidation.Measure(network, options, weights, validationStore!, validation.Count, device, cancellation));
    }

    /// <summary>Prepares the photos and the average of the weights for a stage, unless it is the present one.</summary>
    private PlaneStore EnterStage(CheckpointState state, TrainingStage stage)
    {
        if (trainingStore is not null && !clock.StartsStage(state.Epoch)) return trainingStore;
        bool normalized = !new Augmentation(options).Rotates;
        trainingStore = new PlaneStore(training, stage.Size, normalized, options.CacheBytes * 4 / 5);
        validationStore = new PlaneStore(validation, stage.Size, normalized: true, options.CacheBytes / 5);
        network.EnterStage(clock.StepsBeforeStageOf(state.Epoch));
        return trainingStore;
    }

    private void ReportRemaining(TrainingProgress progress)
    {
        if (!clock.PaceBecameKnown || progress.Remaining is not { } left) return;
        string time = left.TotalMinutes < 1 ? "less than a minute" : FormattableString.Invariant($"about {left.TotalMinutes:0} min");
        observer.Information($"{time} remaining, estimated from the first steps at {progress.Size} px");
    }
}
