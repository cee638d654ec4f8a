using WaterMeters.Ml.Training;

namespace WaterMeters.Ml.Tests.Training;

public class RunFolderTests
{
    [Fact]
    public void Keeps_every_other_training_out_while_one_writes_and_costs_it_nothing()
    {
        using var folder = new TempFolder();
        string run = folder["run"];
        using (var first = new RunFolder(run, replace: false))
        {
            first.Append(Epoch(1));
            File.WriteAllText(first.CheckpointPath, "the first one's");
            File.WriteAllText(first.ModelPath, "the first one's");

            var error = Assert.Throws<TrainingRunningException>(() => new RunFolder(run, replace: true));
            Assert.Equal(run, error.OutputPath);
            Assert.Throws<TrainingRunningException>(() => new RunFolder(run, [Epoch(1)]));
            first.Append(Epoch(2));

            Assert.Equal("the first one's", File.ReadAllText(first.CheckpointPath));
            Assert.Equal("the first one's", File.ReadAllText(first.ModelPath));
            using var reader = new StreamReader(new FileStream(first.EpochsPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            Assert.Equal(2, reader.ReadToEnd().Count(c => c == '\n'));
        }

        new RunFolder(run, [Epoch(1)]).Dispose();
        Assert.Equal(["checkpoint.safetensors", "epochs.jsonl", "model.safetensors"], Directory.GetFiles(run).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Is_free_again_after_a_refusal_and_after_a_kill_that_left_the_lock_behind()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["run"]);
        File.WriteAllText(folder["run", "run.lock"], "");
        File.WriteAllText(folder["run", "model.safetensors"], "a model");

        var error = Assert.Throws<TrainingException>(() => new RunFolder(folder["run"], replace: false));
        Assert.Contains("-Force", error.Message, StringComparison.Ordinal);
        Assert.Equal("a model", File.ReadAllText(folder["run", "model.safetensors"]));

        new RunFolder(folder["run"], replace: true).Dispose();
        Assert.Equal(["epochs.jsonl"], Directory.GetFiles(folder["run"]).Select(Path.GetFileName));
    }

    private static EpochRecord Epoch(int number) => new() { Epoch = number, Epochs = 9, Size = 32, BatchSize = 4 };
}
