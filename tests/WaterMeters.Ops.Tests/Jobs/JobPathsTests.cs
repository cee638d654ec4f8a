using WaterMeters.Ops.Jobs;

namespace WaterMeters.Ops.Tests.Jobs;

public sealed class JobPathsTests
{
    private static readonly RemoteTrainingOptions Here = new()
    {
        DataPath = Path.Combine("here", "meters"), OutputPath = Path.Combine("here", "run"), SplitPath = Path.Combine("here", "split.json"),
    };

    [Theory]
    [InlineData("/data/jobs/job", "/")]
    [InlineData(@"D:\jobs\job", @"\")]
    public void Paths_of_the_machine_become_those_of_this_computer(string folder, string separator)
    {
        var paths = new JobPaths(folder, Here);
        string In(params string[] parts) => string.Join(separator, parts.Prepend(folder));
        var local = paths.Local(new TrainingResult
        {
            DataPath = In("data", "meters"),
            SplitPath = In("split.json"),
            OutputPath = In("output", "attempt-1"),
            ModelPath = In("output", "attempt-1", "model.safetensors"),
            CheckpointPath = In("output", "attempt-1", "checkpoint.safetensors"),
            MetricsPath = In("output", "attempt-1", "metrics.json"),
            EndReason = "complete",
        });
        Assert.Equal((Here.DataPath, Here.SplitPath), (local.DataPath, local.SplitPath));
        Assert.Equal(Path.Combine("here", "run", "attempt-1", "model.safetensors"), local.ModelPath);
        Assert.Equal($"'{Here.DataPath}{separator}images' and '{Here.OutputPath}'",
            paths.Text($"'{In("data", "meters", "images")}' and '{In("output")}'"));
    }
}
