using WaterMeters.Ml.Evaluation.Metrics;
using WaterMeters.Ml.Imaging;
using WaterMeters.Ml.Inference;
using WaterMeters.Ml.Inference.Engines;
using WaterMeters.Ml.Inference.Onnx;
using WaterMeters.Ml.Inference.Torch;
using WaterMeters.Ml.Models;

namespace WaterMeters.Ml.Tests.Inference;

/// <summary>Compares the legacy pipeline's network on eight real photos with what that pipeline computed.</summary>
public class GoldenPredictionTests
{
    private const int Size = 512;

    [Theory]
    [InlineData("libtorch", "models", "meter-unet.safetensors")]
    [InlineData("ONNX Runtime", "models", "meter-unet.safetensors")]
    [InlineData("ONNX Runtime", "onnx", "meter-unet.onnx")]
    public void Logits_of_preprocessed_images_and_masks_of_photos_equal_those_of_the_legacy_pipeline(
        string runtime, string folder, string file)
    {
        var model = ModelFile.Load(SharedFolder.Golden(folder, file));
        using IInferenceEngine engine =
            runtime == "libtorch" ? new TorchEngine(model, Precision.Float32, ComputeDevice.Cpu) : new OnnxEngine(model);
        var preprocessor = new Preprocessor(Size);
        byte[] planes = new byte[preprocessor.PlanesLength], mask = new byte[Size * Size];
        float[] logits = new float[Size * Size];
        foreach (string stem in SharedFolder.GoldenPhotos())
        {
            using (var ready = ImageReader.ReadPhoto(SharedFolder.Golden("predict", stem + ".preprocessed.png"))) Planes(ready, planes);
            engine.Predict(planes, logits);
            float[] expected = NpyFile.Floats(SharedFolder.Golden("predict", stem + ".logits.npy"));
            Assert.Equal(expected.Length, logits.Length);
            Assert.InRange(expected.Zip(logits, (a, b) => Math.Abs(a - b)).Max(), 0, 1e-3f);

            string jpeg = Path.Combine(SharedFolder.Meters, "images", stem + ".jpg");
            using (var photo = ImageReader.ReadPhoto(jpeg)) preprocessor.Run(photo, planes);
            engine.Predict(planes, logits);
            Assert.True(LogitThreshold.Apply(logits, mask, out int foregroundPixels));
            using var golden = ImageReader.ReadMask(SharedFolder.Golden("predict", stem + ".mask.png"));
            var overlap = MaskOverlap.Count(mask, golden.Pixels);
            Assert.True(overlap.IoU >= 0.99, $"{stem}: IoU {overlap.IoU}");
            Assert.Equal(overlap.Predicted, foregroundPixels);
        }
    }

    [Fact]
    public void Quantized_network_gives_nearly_the_same_masks()
    {
        using var engine = InferenceEngines.Create(ModelFile.Load(SharedFolder.Golden("onnx", "meter-unet.int8.onnx")));
        byte[] planes = new byte[3 * Size * Size], mask = new byte[Size * Size];
        float[] logits = new float[Size * Size];
        foreach (string stem in SharedFolder.GoldenPhotos())
        {
            using (var ready = ImageReader.ReadPhoto(SharedFolder.Golden("predict", stem + ".preprocessed.png"))) Planes(ready, planes);
            engine.Predict(planes, logits);
            Assert.True(LogitThreshold.Apply(logits, mask, out _));
            using var golden = ImageReader.ReadMask(SharedFolder.Golden("predict", stem + ".mask.png"));
            Assert.InRange(MaskOverlap.Count(mask, golden.Pixels).IoU, 0.95, 0.99999);
        }
    }

    private static void Planes(Raster image, byte[] planes)
    {
        for (int i = 0; i < Size * Size; i++)
        {
            for (int channel = 0; channel < 3; channel++) planes[(channel * Size * Size) + i] = image.Pixels[(4 * i) + channel];
        }
    }
}
