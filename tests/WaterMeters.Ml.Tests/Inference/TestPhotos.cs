using WaterMeters.Ml.Imaging;
using WaterMeters.Ml.Inference.Onnx;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Samples;
using WaterMeters.Ml.Tests.Models;

namespace WaterMeters.Ml.Tests.Inference;

/// <summary>Photos as a network takes them, and a network for them: real ones with the seed's network for WMS_PROVE=full, else a few drawn ones with a small one.</summary>
internal sealed record TestPhotos(SegmentationModel Model, IReadOnlyList<(byte[] Planes, byte[] Truth)> Photos)
{
    /// <summary>The network and its photos.</summary>
    /// <param name="count">Photos for WMS_PROVE=full.</param>
    /// <param name="few">Drawn photos otherwise.</param>
    public static TestPhotos Read(int count, int few = 4)
    {
        if (ProcessMemory.Full)
        {
            string[] images = [.. Directory.GetFiles(Path.Combine(SharedFolder.Meters, "images"), "*.jpg").Order(StringComparer.Ordinal).Take(count)];
            Assert.Equal(count, images.Length);
            return Of(ModelFile.Load(SharedFolder.Golden("models", "meter-unet.safetensors")), images.Select(i => (i, Path.Combine(SharedFolder.Meters, "masks", Path.GetFileName(i)))));
        }

        using var folder = new TempFolder();
        var drawn = SampleDataset.Write(folder["drawn"], new SampleOptions { Count = few, Size = 160 }, null, TestContext.Current.CancellationToken);
        var set = Of(TestModels.Random(4, 64), drawn.Select(s => (s.ImagePath, s.MaskPath)));
        Contrast(set);
        return set;
    }

    /// <summary>Makes a random network call half of the first photo meter, with logits as wide as a trained one's: its masks have edges then.</summary>
    private static void Contrast(TestPhotos set)
    {
        float[] logits = new float[set.Model.Shape.InputSize * set.Model.Shape.InputSize];
        float[] weight = set.Model.Weights["final.weight"].Values, bias = set.Model.Weights["final.bias"].Values;
        using (var engine = new OnnxEngine(set.Model)) engine.Predict(set.Photos[0].Planes, logits);
        Array.Sort(logits);
        float spread = logits[^1] - logits[0], scale = 20 / spread;
        bias[0] = (bias[0] - logits[logits.Length / 2]) * scale;
        for (int i = 0; i < weight.Length; i++) weight[i] *= scale;
    }

    private static TestPhotos Of(SegmentationModel model, IEnumerable<(string Image, string Mask)> files)
    {
        int size = model.Shape.InputSize;
        var preprocessor = new Preprocessor(size);
        var photos = new List<(byte[], byte[])>();
        foreach (var (image, mask) in files)
        {
            byte[] planes = new byte[preprocessor.PlanesLength], truth = new byte[size * size];
            using (var photo = ImageReader.ReadPhoto(image)) preprocessor.Run(photo, planes);
            using (var drawn = ImageReader.ReadMask(mask)) Preprocessor.ResizeMask(drawn, size, truth);
            photos.Add((planes, truth));
        }

        return new TestPhotos(model, photos);
    }
}
