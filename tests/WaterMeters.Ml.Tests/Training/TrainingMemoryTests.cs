using WaterMeters.Ml.Imaging;
using WaterMeters.Ml.Training;
using static TorchSharp.torch;

namespace WaterMeters.Ml.Tests.Training;

/// <summary>
/// Memory does not grow with the epochs. WMS_PROVE=full trains the whole network on images of 256 pixels, and checks the process's memory.
/// </summary>
[Collection(MemoryCollection.Name)]
public class TrainingMemoryTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(0, 1L << 30)]
    [InlineData(20, 0L)]
    public void Uses_the_same_memory_after_epoch_5_as_after_epoch_2(double degrees, long cacheBytes)
    {
        using var set = ProcessMemory.Full ? TrainingSet.Drawn(24, 6, 4, size: 400) : TrainingSet.Noise(6, 2, 2);
        var alive = new List<(long Tensors, long Pixels, long Private)>();
        var observer = new RecordingObserver
        {
            OnEpoch = _ =>
            {
                ProcessMemory.Collect();
                alive.Add((Tensor.TotalCount, ImagePool.Shared.RentedBytes, ProcessMemory.PrivateBytes()));
            },
        };
        var options = set.Options("run", ProcessMemory.Full ? "256x5x8" : "32x5x3") with
        {
            BaseChannels = ProcessMemory.Full ? 16 : 4,
            RotationDegrees = degrees,
            RotationProbability = 0.5,
            CacheBytes = cacheBytes,
        };
        long before = Tensor.TotalCount, rented = ImagePool.Shared.RentedBytes;

        TrainingSet.Train(options, observer);

        Assert.Equal(5, alive.Count);
        Assert.Equal((alive[1].Tensors, rented), (alive[4].Tensors, alive[4].Pixels));
        Assert.True(alive[4].Tensors > before, "the network is alive");
        Assert.Equal(before, Tensor.TotalCount);
        double growth = ((double)alive[4].Private / alive[1].Private) - 1;
        if (ProcessMemory.Full) Assert.InRange(growth, -1, 0.05);
        output.WriteLine(
            $"figure: {alive[4].Tensors} tensors after epoch 5 as after epoch 2, private memory " +
            FormattableString.Invariant($"{alive[1].Private >> 20} MB then {alive[4].Private >> 20} MB ({growth:+0.0%;-0.0%})"));
    }
}
