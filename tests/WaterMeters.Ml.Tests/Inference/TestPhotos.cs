using WaterMeters.Ml.Imaging;
using WaterMeters.Ml.Inference.Onnx;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Samples;
using WaterMeters.Ml.Tests.Models;

namespace WaterMeters.Ml.Tests.Inference;

/// <summary>
/// A network and preprocessed photos for it: the legacy pipeline's network with real photos for WMS_PROVE=full, otherwise a small network
/// with a few drawn ones.
/// </summary>
internal sealed record TestPhotos(SegmentationModel Model, IReadOnlyList<(byte[] Planes, byte[] Truth)> Photos)
{
    /// <summary>Reads the photos and creates the network.</summary>
    /// <param name="count">Number of photos for WMS_PROVE=full.</param>
    /// <param name="few">Number of drawn photos otherwise.</param>
    public static TestPhotos Read(int count, int few = 4)
    {
        if (ProcessMemory.Full)
        {
            string folderOfImages = Path.Combine(SharedFolder.Meters, "images"), folderOfMasks = Path.Combine(SharedFolder.Meters, "masks");
            string[] images = [.. Directory.GetFiles(folderOfImages, "*.jpg").Order(StringComparer.Ordinal).Take(count)];
            Assert.Equal(count, images.Length);
            var golden = ModelFile.Load(SharedFolder.Golden("models", "meter-unet.safetensors"));
            return Preprocess(golden, images.Select(i => (i, Path.Combine(folderOfMasks, Path.GetFileName(i)))));
        }

        using var folder = new TempFolder();
        var options = new SampleOptions { Count = few, Size = 160 };
        var drawn = SampleDataset.Write(folder["drawn"], options, null, TestContext.Current.CancellationToken);
        var set = Preprocess(TestModels.Random(4, 64), drawn.Select(s => (s.ImagePath, s.MaskPath)));
        ScaleLogits(set);
        return set;
    }

    /// <summary>
    /// Changes the last layer of a random network so that half of the first photo is foreground and the logits span the range of a trained
    /// one's: then its masks have edges.
    /// </summary>
    private static void ScaleLogits(TestPhotos set)
    {
        float[] logits = new float[set.Model.Shape.InputSize * set.Model.Shape.InputSize];
        float[] weight = set.Model.Weights["final.weight"].Values, bias = set.Model.Weights["final.bias"].Values;
        using (var engine = new OnnxEngine(set.Model)) engine.Predict(set.Photos[0].Planes, logits);
        Array.Sort(logits);
        float spread = logits[^1] - logits[0], scale = 20 / spread;
        bias[0] = (bias[0] - logits[logits.Length / 2]) * scale;
        for (int i = 0; i < weight.Length; i++) weight[i] *= scale;
    }

    private static TestPhotos Preprocess(SegmentationModel model, IEnumerable<(string Image, string Mask)> files)
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
