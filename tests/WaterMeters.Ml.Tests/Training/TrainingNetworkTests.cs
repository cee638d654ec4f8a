using TorchSharp;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Inference.Torch;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Models.Network;
using WaterMeters.Ml.Models.Tensors;
using WaterMeters.Ml.Runtime;
using WaterMeters.Ml.Tests.Models;
using WaterMeters.Ml.Training;

namespace WaterMeters.Ml.Tests.Training;

[Collection(TrainingCollection.Name)]
public class TrainingNetworkTests
{
    private static readonly TrainingOptions Options = new() { DataPath = "data", OutputPath = "run", BaseChannels = 4, Seed = 3 };

    public TrainingNetworkTests() => TorchRuntime.EnsureLoaded();

    [Theory]
    [InlineData(Precision.Float32)]
    [InlineData(Precision.BFloat16)]
    public void Continues_from_a_checkpoint_on_disk_with_the_same_bits(Precision precision)
    {
        using var folder = new TempFolder();
        using var network = new TrainingNetwork(Options, precision, torch.CPU);
        Steps(network, 0, 4);
        var state = new CheckpointState
        {
            Epoch = 2, Step = network.Steps, Options = Options with { Stages = [new("256x3x4"), new("512x1x2")] },
            Schedule = [0.5, double.PositiveInfinity], SplitDigest = "x",
        };
        var checkpoint = network.CreateCheckpoint(state, network.ModelWeights());
        checkpoint.Write(folder["c.safetensors"]);
        double[] expected = Steps(network, 4, 5);

        var read = Checkpoint.Read(folder["c.safetensors"]);
        network.Restore(read);

        Assert.Equal(expected, Steps(network, 4, 5));
        Assert.Equal(9, network.Steps);
        using var other = new TrainingNetwork(Options with { Seed = 99 }, precision, torch.CPU);
        other.Restore(read);
        Assert.Equal(expected, Steps(other, 4, 5));
        TestModels.AssertSame(network.ModelWeights(), other.ModelWeights());

        TestModels.AssertSame(checkpoint.Network, read.Network);
        TestModels.AssertSame(checkpoint.Means, read.Means);
        TestModels.AssertSame(checkpoint.Squares, read.Squares);
        TestModels.AssertSame(checkpoint.Average, read.Average);
        TestModels.AssertSame(checkpoint.Best, read.Best);
        Assert.Equal(state.Options!.Stages, read.State.Options!.Stages);
        Assert.Equal(state.Options with { Stages = [] }, read.State.Options with { Stages = [] });
        Assert.Equal(state.Schedule, read.State.Schedule);
        Assert.Equal((2, 4L), (read.State.Epoch, read.State.Step));
        Assert.Equal(("x", double.PositiveInfinity), (read.State.SplitDigest, read.State.BestLoss));
    }

    [Fact]
    public void Refuses_a_model_file_or_a_damaged_state_as_a_checkpoint()
    {
        using var folder = new TempFolder();
        ModelFile.Save(TestModels.Random(1), folder["model.safetensors"]);
        Write("broken", "{\"Epoch\": \"many\"");
        Write("stage", """{"Options": {"DataPath": "", "OutputPath": "", "Stages": ["1x1x1"]}}""");
        foreach (string name in new[] { "model", "broken", "stage", "none" })
        {
            Assert.Throws<ModelException>(() => Checkpoint.Read(folder[name + ".safetensors"]));
        }

        void Write(string name, string state) => SafeTensorsFile.Write(
            folder[name + ".safetensors"], new Dictionary<string, string> { ["watermeters.training_state"] = state },
            TestModels.Weights(1), new Dictionary<string, long>());
    }

    [Theory]
    [InlineData(Precision.Float32)]
    [InlineData(Precision.BFloat16)]
    public void Disposes_all_tensors(Precision precision)
    {
        long start = LiveTensors;
        using (var network = new TrainingNetwork(Options, precision, torch.CPU))
        {
            Steps(network, 0, 2);
            network.Restore(network.CreateCheckpoint(new CheckpointState(), network.ModelWeights()));
            long before = LiveTensors;
            Steps(network, 2, 4);
            network.Restore(network.CreateCheckpoint(new CheckpointState(), network.ModelWeights()));
            network.Loss(new float[256], new float[256], 16);
            Assert.Equal(before, LiveTensors);
        }

        Assert.Equal(start, LiveTensors);
    }

    [Fact]
    public void Changes_nothing_but_running_statistics_when_the_loss_is_not_finite()
    {
        using var network = new TrainingNetwork(Options, Precision.Float32, torch.CPU);
        Steps(network, 0, 2);
        var before = network.CreateCheckpoint(new CheckpointState(), []);
        using var batch = NoiseBatch(1);
        batch.Images[5] = float.NaN;

        Assert.True(double.IsNaN(network.Step(batch, 1e-3, CancellationToken.None)));

        var after = network.CreateCheckpoint(new CheckpointState(), []);
        Assert.Equal(2, network.Steps);
        TestModels.AssertSame(before.Means, after.Means);
        TestModels.AssertSame(before.Average, after.Average);
        TestModels.AssertSame(Trainable(before.Network), Trainable(after.Network));
        Assert.False(after.IsFinite);

        static Dictionary<string, WeightTensor> Trainable(Dictionary<string, WeightTensor> all) =>
            all.Where(t => !UNetLayout.IsBuffer(t.Key)).ToDictionary();
    }

    [Fact]
    public void Stops_before_the_update_when_cancelled()
    {
        using var network = new TrainingNetwork(Options, Precision.Float32, torch.CPU);
        using var batch = NoiseBatch(1);
        Assert.ThrowsAny<OperationCanceledException>(() => network.Step(batch, 1e-3, new CancellationToken(true)));
        Assert.Equal(0, network.Steps);
    }

    private static long LiveTensors => DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;

    private static double[] Steps(TrainingNetwork network, int from, int count)
    {
        var losses = new double[count];
        for (int i = 0; i < count; i++)
        {
            using var batch = NoiseBatch(from + i);
            losses[i] = network.Step(batch, 1e-3, CancellationToken.None);
        }

        return losses;
    }

    private static Batch NoiseBatch(int seed)
    {
        var batch = new Batch(2, 32);
        var random = new DeterministicRandom(seed, 8);
        foreach (ref float value in batch.Masks) value = random.NextInt(4) == 0 ? 1 : 0;
        for (int i = 0; i < batch.Images.Length; i++) batch.Images[i] = (float)((random.NextDouble() * 0.6) + (0.4 * batch.Masks[i / 3]));
        return batch;
    }
}
