using System.Runtime.InteropServices;
using TorchSharp;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Inference.Torch;
using WaterMeters.Ml.Models.Network;
using WaterMeters.Ml.Runtime;
using static TorchSharp.torch;

namespace WaterMeters.Ml.Tests.Models.Network;

public class UNetTests
{
    public UNetTests() => TorchRuntime.EnsureLoaded();

    [Theory]
    [InlineData(16, 1)]
    [InlineData(32, 2)]
    [InlineData(48, 1)]
    [InlineData(80, 3)]
    [InlineData(112, 1)]
    public void Gives_the_same_logits_with_folded_BatchNorm_at_any_size(int size, int photos)
    {
        var weights = TestModels.Weights(11);
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        using var network = new UNet(4, weights, CPU);
        using var folded = new FoldedUNet(4, weights, ScalarType.Float32, CPU);
        var images = Noise(photos, 3, size);

        var plain = network.Forward(images, training: false);
        var fast = folded.Forward(images);

        Assert.Equal([photos, 1L, size, size], plain.shape);
        Assert.Equal([photos, 1L, size, size], fast.shape);
        Assert.InRange(Largest(plain.sub(fast)), 0, 1e-4);
        Assert.True(Largest(plain) > 0.01);
    }

    [Fact]
    public void Gradients_in_bfloat16_are_as_large_as_in_float32()
    {
        using var scope = NewDisposeScope();
        using var network = new UNet(16, UNetInitializer.Create(16, 1), CPU);
        var images = Noise(2, 3, 64);
        for (int step = 0; step < 4; step++)
        {
            double exact = GradientNorm(ScalarType.Float32), rounded = GradientNorm(ScalarType.BFloat16);
            Assert.InRange(rounded / exact, 0.5, 2);
        }

        double GradientNorm(ScalarType type)
        {
            foreach (var parameter in network.Parameters) parameter.Value.grad?.zero_();
            network.Forward(images.to_type(type), training: true).to_type(ScalarType.Float32).sigmoid().mean().backward();
            return network.Tensors["enc1.0.weight"].grad!.norm().item<float>();
        }
    }

    [Fact]
    public void Updates_the_running_statistics_only_in_training_as_PyTorch_does()
    {
        using var scope = NewDisposeScope();
        using var network = new UNet(4, TestModels.Weights(5), CPU);
        var before = network.ToWeights();
        network.Forward(Noise(2, 3, 32), training: false);
        TestModels.AssertSame(before, network.ToWeights());

        var input = Noise(2, 3, 32);
        network.Forward(input, training: true);
        var after = network.ToWeights();
        var first = nn.functional.conv2d(input, network.Tensors["enc1.0.weight"], network.Tensors["enc1.0.bias"], padding: [1, 1])
            .detach();
        float[] values = Values(first);
        const int Area = 32 * 32, Count = 2 * Area;
        for (int channel = 0; channel < 4; channel++)
        {
            double[] channelValues = [.. Enumerable.Range(0, Count)
                .Select(i => (double)values[(((i / Area) * 4) + channel) * Area + (i % Area)])];
            double mean = channelValues.Average(), variance = channelValues.Sum(v => (v - mean) * (v - mean)) / (Count - 1);
            AssertUpdated("enc1.1.running_mean", mean);
            AssertUpdated("enc1.1.running_var", variance);

            void AssertUpdated(string name, double batch) =>
                Assert.Equal((0.9 * before[name].Values[channel]) + (0.1 * batch), after[name].Values[channel], 1e-5);
        }
    }

    [Fact]
    public void Returns_its_weights_and_loads_others()
    {
        using var network = new UNet(4, TestModels.Weights(5), CPU);
        TestModels.AssertSame(TestModels.Weights(5), network.ToWeights());
        network.Load(TestModels.Weights(6));
        TestModels.AssertSame(TestModels.Weights(6), network.ToWeights());
    }

    [Theory]
    [InlineData(Precision.Float32)]
    [InlineData(Precision.BFloat16)]
    public void Engine_gives_the_same_logits_again_and_leaks_no_tensor(Precision precision)
    {
        byte[] planes = new byte[3 * 32 * 32];
        new Random(1).NextBytes(planes);
        float[] first = new float[32 * 32], again = new float[32 * 32];
        long before = LiveTensors;
        using (var engine = new TorchEngine(TestModels.Random(9), precision, ComputeDevice.Cpu))
        {
            engine.Predict(planes, first);
            long between = LiveTensors;
            for (int i = 0; i < 5; i++) engine.Predict(planes, again);
            Assert.Equal(between, LiveTensors);
        }

        Assert.Equal(first, again);
        Assert.Equal(before, LiveTensors);
        Assert.Contains(first, v => v != first[0]);
    }

    [Fact]
    public void BFloat16_is_close_to_float32()
    {
        byte[] planes = new byte[3 * 64 * 64];
        new Random(2).NextBytes(planes);
        float[] exact = new float[64 * 64], rough = new float[64 * 64];
        using var one = new TorchEngine(TestModels.Random(9, 64), Precision.Float32, ComputeDevice.Cpu);
        using var other = new TorchEngine(TestModels.Random(9, 64), Precision.BFloat16, ComputeDevice.Cpu);
        one.Predict(planes, exact);
        other.Predict(planes, rough);

        double spread = exact.Max() - exact.Min();
        Assert.InRange(exact.Zip(rough, (a, b) => Math.Abs(a - b)).Max(), 1e-9, 0.1 * spread);
        Assert.Equal((Precision.Float32, ComputeDevice.Cpu), (one.Precision, one.Device));
        Assert.Equal(Precision.BFloat16, other.Precision);
    }

    private static long LiveTensors => DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;

    private static Tensor Noise(int photos, int channels, int size)
    {
        var tensor = empty([photos, channels, size, size], dtype: ScalarType.Float32);
        var random = new DeterministicRandom(size, photos);
        foreach (ref float value in MemoryMarshal.Cast<byte, float>(tensor.bytes)) value = (float)random.NextDouble();
        return tensor;
    }

    private static float[] Values(Tensor tensor)
    {
        using var plain = tensor.contiguous();
        return MemoryMarshal.Cast<byte, float>(plain.bytes).ToArray();
    }

    private static double Largest(Tensor tensor) => Values(tensor).Max(v => Math.Abs(v));
}
