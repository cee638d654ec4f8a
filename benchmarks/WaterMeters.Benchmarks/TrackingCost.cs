using System.Diagnostics;
using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Models.Network;
using WaterMeters.Ml.Training;
using WaterMeters.Ops.Tracking.Runs;
using WaterMeters.Ops.Tracking.Sqlite;

namespace WaterMeters.Benchmarks;

/// <summary>What it costs a training of the default network to be recorded in the local store. Times are in milliseconds.</summary>
/// <param name="Call">Time that the training's own thread needs for an epoch: it only hands the figures on.</param>
/// <param name="Epoch">Time until the figures of an epoch are in the store, on the recorder's thread.</param>
/// <param name="Run">Time of all the rest: creating the run, writing the model in three formats and its pages, ending the run.</param>
internal sealed record TrackingCost(double Call, double Epoch, double Run)
{
    private const int Epochs = 100;

    public static TrackingCost Measure()
    {
        Once(1); // to warm up
        var (_, run) = Once(1);
        var (call, all) = Once(Epochs + 1);
        return new(call, (all - run) / Epochs, run);
    }

    private static (double Call, double All) Once(int epochs)
    {
        string folder = Directory.CreateTempSubdirectory("wms-tracking-").FullName;
        try
        {
            var model = new SegmentationModel { Path = "untrained", Shape = new UNetShape(), Weights = UNetInitializer.Create(16, 1) };
            var result = new TrainingResult
            {
                ModelPath = Path.Combine(folder, "model.safetensors"),
                MetricsPath = Path.Combine(folder, "metrics.json"),
                OutputPath = folder,
                DataPath = folder,
                CheckpointPath = "",
                EndReason = "Completed the last epoch.",
            };
            ModelFile.Save(model, result.ModelPath);
            File.WriteAllText(result.MetricsPath, "{}");
            long start = Stopwatch.GetTimestamp();
            using var recorder = new RunRecorder(new Quiet(), new RunRecorderOptions
            {
                Address = "sqlite",
                Open = () => new SqliteTrackingStore(Path.Combine(folder, "mlflow.db")),
                Experiment = "benchmark",
            });
            recorder.TrainingStarted(new TrainingStart
            {
                Options = new TrainingOptions { DataPath = folder, OutputPath = folder, Stages = [new TrainingStage(512, epochs, 4)] },
                DataDigest = "",
                SplitDigest = "",
                Photos = new Dictionary<DatasetSplit, int>(),
                Threads = 1,
            });
            long calls = Stopwatch.GetTimestamp();
            for (int epoch = 1; epoch <= epochs; epoch++) recorder.EpochEnded(new EpochRecord { Epoch = epoch, Epochs = epochs });
            double call = Stopwatch.GetElapsedTime(calls).TotalMilliseconds / epochs;
            recorder.TrainingEnded(result);
            recorder.Complete([result], CancellationToken.None);
            return (call, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private sealed class Quiet : ITrainingObserver
    {
        public void StepEnded(TrainingProgress progress)
        {
        }

        public void EpochEnded(EpochRecord epoch)
        {
        }

        public void Verbose(string message)
        {
        }

        public void Information(string message)
        {
        }

        public void Warn(string message) => Console.WriteLine(message);
    }
}
