using WaterMeters.Ml.Training;

namespace WaterMeters.Ml.Tests.Training;

[Collection(TrainingCollection.Name)]
public class InterruptionTests
{
    [Fact]
    public void Stops_in_every_phase_leaves_only_complete_files_and_allows_the_next_training()
    {
        using var set = TrainingSet.Noise(6, 2, 1);
        var whole = new RecordingObserver();
        TrainingSet.Train(set.Options("whole"), whole);
        Assert.Equal(4 + (2 * 3) + 3, whole.VerboseLines.Count);

        for (int at = 0; at < whole.VerboseLines.Count; at++)
        {
            using var stop = new CancellationTokenSource();
            int phases = 0, epochs = 0;
            var observer = new RecordingObserver
            {
                OnVerbose = _ =>
                {
                    if (phases++ == at) stop.Cancel();
                },
                OnEpoch = e => epochs = e.Epoch,
            };
            string run = $"run-{at}";
            var end = Record.Exception(() => Trainer.Run(set.Options(run), replace: false, observer, stop.Token));

            // Scores that were measured are written even after cancellation.
            if (at == whole.VerboseLines.Count - 1) Assert.Null(end);
            else Assert.IsAssignableFrom<OperationCanceledException>(end);
            Assert.Equal(whole.VerboseLines[at].Split(" '")[0], observer.VerboseLines[at].Split(" '")[0]);
            Assert.InRange(observer.VerboseLines.Count, at + 1, at + 2);
            if (!Directory.Exists(set[run])) continue;
            Assert.DoesNotContain(Directory.GetFiles(set[run]), f => f.EndsWith(".tmp", StringComparison.Ordinal));
            Assert.Equal(epochs > 0, File.Exists(set[run, "checkpoint.safetensors"]));
            if (epochs > 0) Assert.Equal(epochs, Checkpoint.Read(set[run, "checkpoint.safetensors"]).State.Epoch);
        }
    }

    [Fact]
    public void Removes_files_left_by_a_kill_when_it_resumes()
    {
        using var set = TrainingSet.Noise(6, 2, 1);
        var options = set.Options("run");
        TrainingSet.Train(options);
        foreach (string name in new[] { "checkpoint.safetensors", "model.safetensors", "metrics.json" })
        {
            File.WriteAllText(set["run", $".{name}.999999999-1.tmp"], "half");
        }

        TrainingSet.Resume(options);

        Assert.Equal(
            ["checkpoint.safetensors", "epochs.jsonl", "metrics.json", "model.safetensors"],
            Directory.GetFiles(set["run"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }
}
