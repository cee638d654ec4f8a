using System.Diagnostics;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Runtime;
using WaterMeters.Ml.Training;

namespace WaterMeters.Benchmarks;

/// <summary>Measures medians of repeated work.</summary>
internal static class Timing
{
    /// <summary>Returns the median milliseconds of <paramref name="count"/> runs, after two runs to warm up.</summary>
    public static double Median(int count, Action<int> work)
    {
        for (int i = 0; i < 2; i++) work(i % count);
        double[] times = [.. Enumerable.Range(0, count).Select(i =>
        {
            long started = Stopwatch.GetTimestamp();
            work(i);
            return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }).Order()];
        return times[times.Length / 2];
    }

    /// <summary>Returns the median milliseconds of a float32 training step of the default network.</summary>
    public static double TrainingStep(TrainingStage stage)
    {
        TorchRuntime.EnsureLoaded();
        var options = new TrainingOptions { DataPath = "", OutputPath = "" };
        using var network = new TrainingNetwork(options, Precision.Float32, TorchSharp.torch.CPU);
        using var batch = new Batch(stage.BatchSize, stage.Size);
        var random = new DeterministicRandom(1);
        foreach (ref float value in batch.Images) value = (float)random.NextDouble();
        for (int i = 0; i < batch.Masks.Length; i++) batch.Masks[i] = i % 50 == 0 ? 1 : 0;
        return Median(5, _ => network.Step(batch, 1e-3, CancellationToken.None));
    }
}
