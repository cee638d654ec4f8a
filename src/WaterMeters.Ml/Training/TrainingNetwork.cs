using System.Runtime.InteropServices;
using TorchSharp;
using WaterMeters.Ml.Models.Network;
using WaterMeters.Ml.Models.Tensors;
using static TorchSharp.torch;

namespace WaterMeters.Ml.Training;

/// <summary>The network with its loss, optimizer and average of the weights.</summary>
internal sealed class TrainingNetwork : IDisposable
{
    private readonly TrainingOptions options;
    private readonly Device device;
    private readonly ScalarType type;
    private readonly UNet network;
    private readonly SegmentationLoss loss;
    private readonly AdamOptimizer optimizer;
    private readonly WeightAverage? average;
    private long stepsBeforeStage;

    /// <summary>Creates an untrained network, or one with the given weights.</summary>
    public TrainingNetwork(
        TrainingOptions options, Precision precision, Device device, IReadOnlyDictionary<string, WeightTensor>? weights = null)
    {
        (this.options, this.device) = (options, device);
        type = precision == Precision.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32;
        network = new UNet(options.BaseChannels, weights ?? UNetInitializer.Create(options.BaseChannels, options.Seed), device);
        loss = new SegmentationLoss(options.Loss);
        optimizer = new AdamOptimizer(options.Optimizer, options.WeightDecay, network.Parameters);
        if (options.AverageDecay > 0) average = new WeightAverage(options.AverageDecay, network);
    }

    /// <summary>Steps finished.</summary>
    public long Steps => optimizer.Steps;

    /// <summary>Starts or continues a stage after these steps of earlier stages: the average forgets the smaller images.</summary>
    public void EnterStage(long stepsBefore) => stepsBeforeStage = stepsBefore;

    /// <summary>Makes one step on a batch.</summary>
    /// <returns>The batch's loss before the step. When it is not finite, only BatchNorm's running statistics have changed.</returns>
    public double Step(Batch batch, double learningRate, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var images = empty([batch.Count, batch.Size, batch.Size, 3], dtype: ScalarType.Float32);
        var masks = empty([batch.Count, 1, batch.Size, batch.Size], dtype: ScalarType.Float32);
        MemoryMarshal.AsBytes(batch.Images).CopyTo(images.bytes);
        MemoryMarshal.AsBytes(batch.Masks).CopyTo(masks.bytes);

        optimizer.ZeroGradients();
        var logits = network.Forward(images.to(device).to_type(type).permute(0, 3, 1, 2), training: true);
        var value = loss.Forward(logits.to_type(ScalarType.Float32), masks.to(device));
        double number = TensorMemory.Value(value);
        if (!double.IsFinite(number)) return number;

        cancellation.ThrowIfCancellationRequested();
        value.backward();
        cancellation.ThrowIfCancellationRequested();
        optimizer.Step(learningRate);
        average?.Update(optimizer.Steps - stepsBeforeStage);
        return number;
    }

    /// <summary>Returns the loss of logits against masks, without a step.</summary>
    public double Loss(ReadOnlySpan<float> logits, ReadOnlySpan<float> masks, int size)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var both = new[] { empty([1, 1, size, size], dtype: ScalarType.Float32), empty([1, 1, size, size], dtype: ScalarType.Float32) };
        MemoryMarshal.AsBytes(logits).CopyTo(both[0].bytes);
        MemoryMarshal.AsBytes(masks).CopyTo(both[1].bytes);
        return TensorMemory.Value(loss.Forward(both[0], both[1]));
    }

    /// <summary>Copies the weights that would be the model now: the average, or the network's own.</summary>
    public Dictionary<string, WeightTensor> ModelWeights() => average?.ToWeights() ?? network.ToWeights();

    /// <summary>Copies all tensors into a checkpoint.</summary>
    public Checkpoint CreateCheckpoint(CheckpointState state, Dictionary<string, WeightTensor> best)
    {
        var (means, squares) = optimizer.ToWeights();
        return new Checkpoint
        {
            State = state,
            Network = network.ToWeights(),
            Means = means,
            Squares = squares,
            Average = average?.ToWeights() ?? [],
            Best = best,
        };
    }

    /// <summary>Restores network, optimizer and average from a checkpoint.</summary>
    public void Restore(Checkpoint checkpoint)
    {
        network.Load(checkpoint.Network);
        optimizer.Load(checkpoint.Means, checkpoint.Squares, checkpoint.State.Step);
        average?.Load(checkpoint.Average.Count > 0 ? checkpoint.Average : checkpoint.Network);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        average?.Dispose();
        optimizer.Dispose();
        loss.Dispose();
        network.Dispose();
    }
}
