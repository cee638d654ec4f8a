using WaterMeters.Ml.Training;

namespace WaterMeters.Ml.Tests.Training;

public class RunFolderTests
{
    [Fact]
    public void Refuses_other_trainings_while_one_writes_and_leaves_its_files_unchanged()
    {
        using var folder = new TempFolder();
        string run = folder["run"];
        using (var first = new RunFolder(run, replace: false))
        {
            first.Epochs.Append(Epoch(1));
            File.WriteAllText(first.CheckpointPath, "of the first run");
            File.WriteAllText(first.ModelPath, "of the first run");

            var error = Assert.Throws<TrainingRunningException>(() => new RunFolder(run, replace: true));
            Assert.Equal(run, error.OutputPath);
            Assert.Throws<TrainingRunningException>(() => new RunFolder(run, [Epoch(1)]));
            first.Epochs.Append(Epoch(2));

            Assert.Equal("of the first run", File.ReadAllText(first.CheckpointPath));
            Assert.Equal("of the first run", File.ReadAllText(first.ModelPath));
            using var reader = new StreamReader(
                new FileStream(RunFolder.EpochsIn(run), FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            Assert.Equal(2, reader.ReadToEnd().Count(c => c == '\n'));
        }

        new RunFolder(run, [Epoch(1)]).Dispose();
        string?[] files = [.. Directory.GetFiles(run).Select(Path.GetFileName).Order(StringComparer.Ordinal)];
        Assert.Equal(["checkpoint.safetensors", "epochs.jsonl", "model.safetensors"], files);
    }

    [Fact]
    public void Can_be_opened_after_a_refusal_and_after_a_kill_that_left_the_lock_file()
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
