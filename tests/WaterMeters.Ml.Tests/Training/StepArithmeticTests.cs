using System.Runtime.InteropServices;
using TorchSharp;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Models.Network;
using WaterMeters.Ml.Models.Tensors;
using WaterMeters.Ml.Runtime;
using WaterMeters.Ml.Tests.Models;
using WaterMeters.Ml.Training;
using static TorchSharp.torch;

namespace WaterMeters.Ml.Tests.Training;

/// <summary>Compares loss, optimizer and average with the same formulas in double arithmetic.</summary>
public class StepArithmeticTests
{
    public StepArithmeticTests() => TorchRuntime.EnsureLoaded();

    [Theory]
    [InlineData(LossKind.Bce)]
    [InlineData(LossKind.BceDice)]
    public void Loss_equals_its_formula(LossKind kind)
    {
        const int Photos = 3, Size = 16, Area = Size * Size;
        var random = new DeterministicRandom(4);
        float[] logits = new float[Photos * Area], masks = new float[Photos * Area];
        for (int i = 0; i < logits.Length; i++)
        {
            logits[i] = (float)random.NextDouble(-40, 8);
            masks[i] = i / Area == 2 ? 0 : random.NextInt(2); // the last photo has no foreground
        }

        double bce = 0, dice = 0;
        for (int photo = 0; photo < Photos; photo++)
        {
            double both = 0, sizes = 0;
            for (int i = photo * Area; i < (photo + 1) * Area; i++)
            {
                double p = 1 / (1 + Math.Exp(-(double)logits[i]));
                bce += Math.Max(logits[i], 0) - (logits[i] * masks[i]) + Math.Log(1 + Math.Exp(-Math.Abs((double)logits[i])));
                both += p * masks[i];
                sizes += p + masks[i];
            }

            dice += ((2 * both) + 1) / (sizes + 1);
        }

        double expected = (bce / (Photos * Area)) + (kind == LossKind.BceDice ? 1 - (dice / Photos) : 0);
        using var scope = NewDisposeScope();
        using var loss = new SegmentationLoss(kind);
        var actual = loss.Forward(ToTensor(logits, Photos, 1, Size, Size), ToTensor(masks, Photos, 1, Size, Size));
        Assert.Equal(expected, TensorMemory.Value(actual), expected * 1e-5);
    }

    [Theory]
    [InlineData(OptimizerKind.Adam, 0)]
    [InlineData(OptimizerKind.Adam, 0.1)]
    [InlineData(OptimizerKind.AdamW, 0.1)]
    public void Optimizer_equals_the_formulas_of_its_paper(OptimizerKind kind, double decay)
    {
        // The loss is half of sum(c x^2), so the gradient is c x.
        double[] matrix = [1, -2, 3, 0.5], vector = [0.7, -0.3], curvature = [0.5, 2, 1, 4];
        using var scope = NewDisposeScope();
        using Tensor w = ToTensor([.. matrix.Select(v => (float)v)], 2, 2), b = ToTensor([.. vector.Select(v => (float)v)], 2);
        w.requires_grad = b.requires_grad = true;
        var parameters = new Dictionary<string, Tensor> { ["w"] = w, ["b"] = b };
        using var optimizer = new AdamOptimizer(kind, decay, parameters);
        using var c = ToTensor([.. curvature.Select(v => (float)v)], 2, 2);
        using var half = 0.5.ToScalar();
        var moments = parameters.Keys.ToDictionary(k => k, _ => (M: new double[4], V: new double[4]));

        for (int step = 1; step <= 5; step++)
        {
            double rate = 0.1 / step;
            optimizer.ZeroGradients();
            w.mul(w).mul(c).sum().mul(half).backward();
            b.mul(b).sum().mul(half).backward();
            optimizer.Step(rate);
            Naive("w", matrix, (x, i) => curvature[i] * x, isMatrix: true, step, rate);
            Naive("b", vector, (x, _) => x, isMatrix: false, step, rate);

            AssertNear(matrix, w);
            AssertNear(vector, b);
        }

        Assert.Equal(5, optimizer.Steps);

        void Naive(string name, double[] x, Func<double, int, double> slope, bool isMatrix, int step, double rate)
        {
            var (m, v) = moments[name];
            for (int i = 0; i < x.Length; i++)
            {
                double g = slope(x[i], i);
                if (kind == OptimizerKind.Adam) g += decay * x[i];
                else if (isMatrix) x[i] -= rate * decay * x[i];
                m[i] = (0.9 * m[i]) + (0.1 * g);
                v[i] = (0.999 * v[i]) + (0.001 * g * g);
                x[i] -= rate * (m[i] / (1 - Math.Pow(0.9, step))) / (Math.Sqrt(v[i] / (1 - Math.Pow(0.999, step))) + 1e-8);
            }
        }
    }

    [Fact]
    public void Average_forgets_its_first_steps_and_then_decays_at_the_given_rate()
    {
        using var network = new UNet(1, TestModels.Weights(1, 1), CPU);
        using var average = new WeightAverage(0.5, network);
        double expected = network.ToWeights()["final.bias"].Values[0], variance = network.ToWeights()["enc1.1.running_var"].Values[0];
        for (int step = 1; step <= 12; step++)
        {
            var weights = TestModels.Weights(step + 1, 1);
            network.Load(weights);
            average.Update(step);
            double keep = Math.Min(0.5, (1.0 + step) / (10 + step));
            expected = (keep * expected) + ((1 - keep) * weights["final.bias"].Values[0]);
            variance = (keep * variance) + ((1 - keep) * weights["enc1.1.running_var"].Values[0]);
        }

        Assert.Equal(expected, average.ToWeights()["final.bias"].Values[0], 1e-6);
        Assert.Equal(variance, average.ToWeights()["enc1.1.running_var"].Values[0], 1e-6);
        average.Load(TestModels.Weights(3, 1));
        TestModels.AssertSame(TestModels.Weights(3, 1), average.ToWeights());
    }

    private static Tensor ToTensor(float[] values, params long[] shape)
    {
        var tensor = empty(shape, dtype: ScalarType.Float32);
        MemoryMarshal.AsBytes(values.AsSpan()).CopyTo(tensor.bytes);
        return tensor;
    }

    private static void AssertNear(double[] expected, Tensor actual)
    {
        float[] values = TensorMemory.ToWeights(actual).Values;
        foreach (var (e, a) in expected.Zip(values)) Assert.Equal(e, a, 1e-5);
    }
}
