using System.Text.Json;
using TorchSharp;
using WaterMeters.Ml.Imaging;
using WaterMeters.Ml.Inference.Torch;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Models.Network;
using WaterMeters.Ml.Runtime;
using WaterMeters.Ml.Training;

namespace WaterMeters.Ml.Tests.Training;

/// <summary>Compares the first steps of a training with the legacy pipeline's: same weights, batch, loss and optimizer.</summary>
[Collection(TrainingCollection.Name)]
public class GoldenTrainingTests
{
    public GoldenTrainingTests() => TorchRuntime.EnsureLoaded();

    /// <summary>Makes two of the eight steps, which take seconds each; all with WMS_PROVE=full.</summary>
    [Fact]
    public void First_Adam_steps_equal_those_of_the_legacy_pipeline()
    {
        using var golden = JsonDocument.Parse(File.ReadAllBytes(SharedFolder.Golden("train", "steps.json")));
        var root = golden.RootElement;
        var options = new TrainingOptions
        {
            DataPath = "", OutputPath = "", BaseChannels = 16, Loss = LossKind.Bce, Optimizer = OptimizerKind.Adam, AverageDecay = 0,
            LearningRate = root.GetProperty("learning_rate").GetDouble(), WeightDecay = root.GetProperty("weight_decay").GetDouble(),
        };
        var start = ModelFile.Load(SharedFolder.Golden("train", "start.pth")).Weights;
        using var network = new TrainingNetwork(options, Precision.Float32, torch.CPU, start);
        var (batch, planes) = GoldenBatch([.. root.GetProperty("photos").EnumerateArray().Select(p => p.GetString()!)]);
        double[] losses = [.. root.GetProperty("losses").EnumerateArray().Select(l => l.GetDouble())];
        Assert.Equal(8, losses.Length);
        for (int step = 0; step < (ProcessMemory.Full ? losses.Length : 2); step++)
        {
            double tolerance = step < 4 ? 1e-3 : 1e-2;
            AssertNear(losses[step], network.Step(batch, options.LearningRate, TestContext.Current.CancellationToken), tolerance);
        }

        if (ProcessMemory.Full)
        {
            AssertNear(root.GetProperty("evaluation_loss_after").GetDouble(), EvaluationLoss(network, batch, planes), 1e-2);
        }

        batch.Dispose();
    }

    private static void AssertNear(double expected, double actual, double tolerance) =>
        Assert.InRange(actual, expected * (1 - tolerance), expected * (1 + tolerance));

    /// <summary>Returns the mean loss of the network as a model, with its running statistics.</summary>
    private static double EvaluationLoss(TrainingNetwork network, Batch batch, List<byte[]> planes)
    {
        var model = new SegmentationModel { Path = "trained", Shape = new UNetShape(), Weights = network.ModelWeights() };
        using var engine = new TorchEngine(model, Precision.Float32, ComputeDevice.Cpu);
        float[] logits = new float[512 * 512];
        double sum = 0;
        for (int i = 0; i < batch.Count; i++)
        {
            engine.Predict(planes[i], logits);
            sum += network.Loss(logits, batch.Mask(i), 512);
        }

        return sum / batch.Count;
    }

    private static (Batch Batch, List<byte[]> Planes) GoldenBatch(string[] photos)
    {
        var batch = new Batch(photos.Length, 512);
        var planes = new List<byte[]>();
        for (int i = 0; i < photos.Length; i++)
        {
            var square = new SquarePhoto(512);
            using var ready = ImageReader.ReadPhoto(SharedFolder.Golden("predict", Path.ChangeExtension(photos[i], ".preprocessed.png")));
            using var mask = ImageReader.ReadMask(Path.Combine(SharedFolder.Meters, "masks", photos[i]));
            for (int p = 0; p < 512 * 512; p++)
            {
                for (int channel = 0; channel < 3; channel++) square.Planes[(channel * 512 * 512) + p] = ready.Pixels[(4 * p) + channel];
            }

            Preprocessor.ResizeMask(mask, 512, square.Mask);
            Augmentation.Copy(square, batch.Image(i), batch.Mask(i));
            planes.Add(square.Planes);
        }

        return (batch, planes);
    }
}
