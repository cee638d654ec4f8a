using WaterMeters.Ml.Evaluation.Metrics;
using WaterMeters.Ml.Inference.Engines;
using WaterMeters.Ml.Inference.Onnx;
using WaterMeters.Ml.Inference.Torch;

namespace WaterMeters.Ml.Tests.Inference;

/// <summary>Compares the two engines, and the two precisions; tests/Proofs/Engines.ps1 and Precisions.ps1 use real photos.</summary>
public class EngineAgreementTests(ITestOutputHelper output)
{
    [Fact]
    public void Both_engines_give_the_same_logits_and_masks_in_float32()
    {
        var set = TestPhotos.Read(48);
        using var torch = new TorchEngine(set.Model, Precision.Float32, ComputeDevice.Cpu);
        using var onnx = new OnnxEngine(set.Model);
        var results = Compare(set, torch, onnx);
        double most = results.Max(r => r.Difference), lowest = results.Min(r => r.IoU);
        output.WriteLine(FormattableString.Invariant(
            $"figure: {results.Count} photos, logits differ by at most {most:0.0e+0}, mask IoU at least {lowest:0.00000}"));
        Assert.InRange(most, 0, 1e-3);
        if (ProcessMemory.Full) Assert.InRange(lowest, 0.999, 1);
    }

    internal static List<(double Difference, double IoU, double FirstDice, double SecondDice)> Compare(
        TestPhotos set, IInferenceEngine first, IInferenceEngine second)
    {
        int area = first.Size * first.Size;
        float[] a = new float[area], b = new float[area];
        byte[] maskA = new byte[area], maskB = new byte[area];
        var results = new List<(double, double, double, double)>();
        foreach (var (planes, truth) in set.Photos)
        {
            first.Predict(planes, a);
            second.Predict(planes, b);
            Assert.True(LogitThreshold.Apply(a, maskA, out _) && LogitThreshold.Apply(b, maskB, out _));
            Assert.True(a.Max() > a.Min(), "constant logits would prove nothing");
            double difference = a.Zip(b, (x, y) => (double)Math.Abs(x - y)).Max(), iou = MaskOverlap.Count(maskA, maskB).IoU;
            results.Add((difference, iou, MaskOverlap.Count(maskA, truth).Dice, MaskOverlap.Count(maskB, truth).Dice));
        }

        return results;
    }
}
