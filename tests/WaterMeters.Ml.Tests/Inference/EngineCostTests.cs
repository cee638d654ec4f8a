using System.Diagnostics;
using WaterMeters.Fuzz;
using WaterMeters.Ml.Inference.Engines;
using WaterMeters.Ml.Inference.Onnx;
using WaterMeters.Ml.Inference.Torch;
using WaterMeters.Ml.Models;

namespace WaterMeters.Ml.Tests.Inference;

/// <summary>Measures time and memory of one engine; tests/Proofs/Engines.ps1 runs each in its own process and compares them.</summary>
/// <param name="output">Receives the figure.</param>
[Collection(MemoryCollection.Name)]
public abstract class EngineCostTests(ITestOutputHelper output)
{
    [Fact]
    public void Gives_the_same_logits_each_time()
    {
        var set = TestPhotos.Read(48);
        float[] first = new float[set.Model.Shape.InputSize * set.Model.Shape.InputSize], again = new float[first.Length];
        var times = new List<double>();
        ProcessMemory.Collect();
        long before = ResidentMemory.Restart(), started = Stopwatch.GetTimestamp();
        using (var engine = Create(set.Model))
        {
            engine.Predict(set.Photos[0].Planes, first);
            double ready = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            foreach (var (planes, _) in set.Photos)
            {
                started = Stopwatch.GetTimestamp();
                engine.Predict(planes, again);
                times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }

            long peak = ResidentMemory.Peak() - before;
            times.Sort();
            output.WriteLine(FormattableString.Invariant(
                $"figure: {times[times.Count / 2]:0} ms a photo, {ready:0} ms to the first answer, {peak >> 20} MB at the peak"));
            engine.Predict(set.Photos[0].Planes, again);
        }

        Assert.Equal(first, again);
    }

    /// <summary>Creates the engine.</summary>
    private protected abstract IInferenceEngine Create(SegmentationModel model);
}

/// <summary>ONNX Runtime.</summary>
/// <param name="output">Receives the figure.</param>
public sealed class OnnxEngineCostTests(ITestOutputHelper output) : EngineCostTests(output)
{
    private protected override IInferenceEngine Create(SegmentationModel model) => new OnnxEngine(model);
}

/// <summary>libtorch.</summary>
/// <param name="output">Receives the figure.</param>
public sealed class TorchEngineCostTests(ITestOutputHelper output) : EngineCostTests(output)
{
    private protected override IInferenceEngine Create(SegmentationModel model) =>
        new TorchEngine(model, Precision.Float32, ComputeDevice.Cpu);
}
