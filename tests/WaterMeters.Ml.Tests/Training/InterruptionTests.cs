using WaterMeters.Ml.Training;

namespace WaterMeters.Ml.Tests.Training;

[Collection(TrainingCollection.Name)]
public class InterruptionTests
{
    [Fact]
    public void Ends_at_whatever_it_does_leaves_whole_files_only_and_frees_the_process()
    {
        using var set = TrainingSet.Noise(6, 2, 1);
        var whole = new RecordingObserver();
        Trainer.Run(set.Options("whole"), replace: false, whole, TestContext.Current.CancellationToken);
        Assert.Equal(4 + (2 * 3) + 3, whole.Details.Count);

        for (int at = 0; at < whole.Details.Count; at++)
        {
            using var stop = new CancellationTokenSource();
            int said = 0, epochs = 0;
            var observer = new RecordingObserver
            {
                OnDetail = _ =>
                {
                    if (said++ == at) stop.Cancel();
                },
                OnEpoch = e => epochs = e.Epoch,
            };
            string run = $"run-{at}";
            var end = Record.Exception(() => Trainer.Run(set.Options(run), replace: false, observer, stop.Token));

            // What was measured is written whatever comes.
            if (at == whole.Details.Count - 1) Assert.Null(end);
            else Assert.IsAssignableFrom<OperationCanceledException>(end);
            Assert.Equal(whole.Details[at].Split(" '")[0], observer.Details[at].Split(" '")[0]);
            Assert.InRange(observer.Details.Count, at + 1, at + 2);
            if (!Directory.Exists(set[run])) continue;
            Assert.DoesNotContain(Directory.GetFiles(set[run]), f => f.EndsWith(".tmp", StringComparison.Ordinal));
            Assert.Equal(epochs > 0, File.Exists(set[run, "checkpoint.safetensors"]));
            if (epochs > 0) Assert.Equal(epochs, Checkpoint.Read(set[run, "checkpoint.safetensors"]).State.Epoch);
        }
    }

    [Fact]
    public void Tidies_what_a_kill_left_when_it_goes_on()
    {
        using var set = TrainingSet.Noise(6, 2, 1);
        var options = set.Options("run");
        Trainer.Run(options, replace: false, new RecordingObserver(), TestContext.Current.CancellationToken);
        foreach (string name in new[] { "checkpoint.safetensors", "model.safetensors", "metrics.json" }) File.WriteAllText(set["run", $".{name}.999999999-1.tmp"], "half");

        Trainer.Resume(options, otherwise: false, new RecordingObserver(), TestContext.Current.CancellationToken);

        Assert.Equal(["checkpoint.safetensors", "epochs.jsonl", "metrics.json", "model.safetensors"], Directory.GetFiles(set["run"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }
}
