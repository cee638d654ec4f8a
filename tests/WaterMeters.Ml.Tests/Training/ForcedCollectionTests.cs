using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Inference.Torch;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Models.Network;
using WaterMeters.Ml.Runtime;
using WaterMeters.Ml.Training;

namespace WaterMeters.Ml.Tests.Training;

/// <summary>
/// A number in tensor arithmetic becomes an object that the garbage collector may free during the native call. These tests run the same
/// work with and without a thread that collects all the time; WMS_PROVE=full runs 2,000 steps and 200 predictions.
/// </summary>
public class ForcedCollectionTests(ITestOutputHelper output)
{
    private static readonly bool Full = Environment.GetEnvironmentVariable("WMS_PROVE") == "full";

    [Fact]
    public void Training_gives_the_same_bits_under_constant_collections()
    {
        int steps = Full ? 2000 : 30;
        var expected = Train(steps);

        long collections = UnderCollections(() => AssertSame(expected, Train(steps)));

        output.WriteLine($"figure: {steps} training steps bit for bit the same under {collections} collections");
    }

    [Fact]
    public void Prediction_gives_the_same_bits_under_constant_collections()
    {
        int predictions = Full ? 200 : 10;
        var expected = Predict(predictions);

        long collections = UnderCollections(() => AssertSame(expected, Predict(predictions)));

        output.WriteLine($"figure: {predictions} predictions bit for bit the same under {collections} collections");
    }

    private static List<float[]> Train(int steps)
    {
        TorchRuntime.EnsureLoaded();
        var options = new TrainingOptions { DataPath = "", OutputPath = "", BaseChannels = 4, Seed = 3 };
        using var network = new TrainingNetwork(options, Precision.Float32, TorchSharp.torch.CPU);
        var losses = new float[steps];
        for (int step = 0; step < steps; step++)
        {
            using var batch = RandomBatch(step);
            losses[step] = (float)network.Step(batch, 1e-3, CancellationToken.None);
        }

        return [losses, .. network.ModelWeights().Values.Select(w => w.Values)];
    }

    private static List<float[]> Predict(int count)
    {
        var shape = new UNetShape(4, 64);
        var model = new SegmentationModel { Path = "untrained", Shape = shape, Weights = UNetInitializer.Create(4, 5) };
        using var engine = new TorchEngine(model, Precision.Float32, ComputeDevice.Cpu);
        var random = new DeterministicRandom(11);
        var all = new List<float[]>();
        byte[] planes = new byte[3 * 64 * 64];
        for (int i = 0; i < count; i++)
        {
            foreach (ref byte value in planes.AsSpan()) value = (byte)random.NextInt(256);
            float[] logits = new float[64 * 64];
            engine.Predict(planes, logits);
            all.Add(logits);
        }

        return all;
    }

    private static Batch RandomBatch(int step)
    {
        var batch = new Batch(2, 32);
        var random = new DeterministicRandom(7, step);
        foreach (ref float value in batch.Images) value = (float)random.NextDouble();
        foreach (ref float value in batch.Masks) value = random.NextInt(8) == 0 ? 1 : 0;
        return batch;
    }

    /// <summary>Runs work while another thread collects all the time; returns the number of collections.</summary>
    private static long UnderCollections(Action work)
    {
        long collections = 0;
        using var done = new CancellationTokenSource();
        var collector = new Thread(() =>
        {
            while (!done.IsCancellationRequested)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                collections++;
            }
        });
        collector.Start();
        try
        {
            work();
        }
        finally
        {
            done.Cancel();
            collector.Join();
        }

        Assert.True(collections > 0);
        return collections;
    }

    private static void AssertSame(List<float[]> expected, List<float[]> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (int i = 0; i < expected.Count; i++)
        {
            Assert.True(expected[i].AsSpan().SequenceEqual(actual[i]), $"array {i} differs");
            Assert.True(UNetWeights.AllFinite(actual[i]));
        }
    }
}
