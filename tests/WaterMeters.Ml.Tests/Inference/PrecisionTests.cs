using System.Globalization;
using WaterMeters.Ml.Inference.Torch;
using WaterMeters.Ml.Tests.Reporting.Markup;

namespace WaterMeters.Ml.Tests.Inference;

/// <summary>
/// Compares bfloat16 with float32; tests/Proofs/Precisions.ps1 uses 40 real photos, with results in docs/decisions/precisions.md.
/// </summary>
public class PrecisionTests(ITestOutputHelper output)
{
    [Fact]
    public void BFloat16_gives_nearly_the_logits_and_masks_of_float32()
    {
        var set = TestPhotos.Read(40);
        using var whole = new TorchEngine(set.Model, Precision.Float32, ComputeDevice.Cpu);
        using var half = new TorchEngine(set.Model, Precision.BFloat16, ComputeDevice.Cpu);
        var results = EngineAgreementTests.Compare(set, whole, half);
        double[] overlaps = [.. results.Select(r => r.IoU).Order()];
        double median = Rank(overlaps, 0.5), low = Rank(overlaps, 0.1);
        double before = results.Average(r => r.FirstDice), after = results.Average(r => r.SecondDice);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"figure: {results.Count} photos, mask IoU of bfloat16 with float32 median {median:0.0000}, 10th percentile {low:0.0000}, " +
            $"lowest {overlaps[0]:0.0000}; mean Dice {before:0.0000} in float32, {after:0.0000} in bfloat16; " +
            $"logits differ by at most {results.Max(r => r.Difference):0.00}"));

        // A random network's logits are scaled to a range of 20 and cross zero everywhere, so its masks are not compared.
        Assert.All(results, r => Assert.InRange(r.Difference, 1e-6, 6));
        if (ProcessMemory.Full) Assert.True(median >= 0.99 && low >= 0.98 && Math.Abs(after - before) <= 0.002);
    }

    /// <summary>Returns a quantile, with linear interpolation between ranks.</summary>
    internal static double Rank(double[] ordered, double part)
    {
        double at = part * (ordered.Length - 1);
        int low = (int)at;
        return ordered[low] + ((at - low) * (ordered[Math.Min(low + 1, ordered.Length - 1)] - ordered[low]));
    }
}
