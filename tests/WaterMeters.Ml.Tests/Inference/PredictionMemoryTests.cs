using WaterMeters.Ml.Imaging;
using WaterMeters.Ml.Inference;
using WaterMeters.Ml.Inference.Torch;
using WaterMeters.Ml.Tests.Imaging;
using WaterMeters.Ml.Tests.Models;
using WaterMeters.Ml.Tests.Reporting.Markup;
using static TorchSharp.torch;

namespace WaterMeters.Ml.Tests.Inference;

/// <summary>Memory does not grow with the number of photos.</summary>
[Collection(MemoryCollection.Name)]
public class PredictionMemoryTests
{
    private const int Size = 256;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Uses_the_same_memory_after_60_photos_as_after_20_and_reuses_its_arrays(bool overlay)
    {
        // Images that other tests did not dispose are not counted.
        long rented = ImagePool.Shared.RentedBytes;
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["out"]);
        string[] photos = [.. Enumerable.Range(0, 60).Select(i => Photo(folder, i))];
        using var engine = new TorchEngine(TestModels.Random(4, Size), Precision.Float32, ComputeDevice.Cpu);
        var options = new PredictionOptions { OutputPath = folder["out"], Overlay = overlay };
        long tensors = Tensor.TotalCount;

        var after = new List<(long Tensors, long Allocated)>();
        foreach (var outcome in new PhotoPredictor(engine, options).Run(PhotoQueue.Create(photos), TestContext.Current.CancellationToken))
        {
            Assert.NotNull(outcome.Prediction);
            after.Add((Tensor.TotalCount, GC.GetTotalAllocatedBytes(precise: true)));
        }

        Assert.Equal(60, after.Count);
        Assert.All(after, a => Assert.Equal(tensors, a.Tensors));
        Assert.Equal((rented, 0L), (ImagePool.Shared.RentedBytes, ImagePool.Shared.KeptBytes));

        // Allocating the arrays of each photo again would take 8 bytes per pixel of the network: 512 KB.
        long perPhoto = (after[59].Allocated - after[19].Allocated) / 40;
        Assert.InRange(perPhoto, 1, 100_000);
    }

    [Fact]
    public void Disposes_all_images_when_photos_fail_and_when_the_caller_stops()
    {
        // Images that other tests did not dispose are not counted.
        long rented = ImagePool.Shared.RentedBytes;
        using var folder = new TempFolder();
        string[] photos = [.. Enumerable.Range(0, 12).Select(i => i % 3 == 1 ? folder["none.png"] : Photo(folder, i))];
        using var engine = new TorchEngine(TestModels.Random(4, 32), Precision.Float32, ComputeDevice.Cpu);

        var predictor = new PhotoPredictor(engine, new PredictionOptions());
        using (var outcomes = predictor.Run(PhotoQueue.Create(photos), CancellationToken.None).GetEnumerator())
        {
            for (int i = 0; i < 4; i++) Assert.True(outcomes.MoveNext());
        }

        Assert.Equal((rented, 0L), (ImagePool.Shared.RentedBytes, ImagePool.Shared.KeptBytes));
    }

    private static string Photo(TempFolder folder, int index)
    {
        string file = folder[$"{index}.jpg"];
        using var image = ImageFiles.Noise(300 + (index % 7), 200, 4, index);
        ImageWriter.WriteJpeg(image, file, 90);
        return file;
    }
}
