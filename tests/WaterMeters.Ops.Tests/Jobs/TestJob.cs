using System.Security.Cryptography;
using System.Text;
using WaterMeters.Ml.Training;
using WaterMeters.Ops.Jobs;
using WaterMeters.Ops.Tests.Machines;
using WaterMeters.Tests.Cloud;

namespace WaterMeters.Ops.Tests.Jobs;

/// <summary>The objects of a job in a cloud on this computer, and a folder for its run.</summary>
internal sealed class TestJob : IDisposable
{
    private readonly TempFolder temp = new();

    public TestJob() => Store = new JobStore(Machine.Session.Aws, Machine.Session.Bucket, "job");

    public CloudMachineSession Machine { get; } = new();

    public JobStore Store { get; }

    public FakeCloud Cloud => Machine.Cloud;

    public string Output => temp["run"];

    public static TrainingOptions Options { get; } = new() { DataPath = "meters", OutputPath = "run", Seed = 3 };

    public static JobRequest Request { get; } = new()
    {
        Options = Options,
        Data = new JobData
        {
            Name = "meters",
            Files = new Dictionary<string, string> { ["meters.dvc"] = "outs:\n" },
            Address = "s3://bucket/data",
        },
    };

    /// <summary>Shows the progress of the job as the client does; returns its messages, then its last step.</summary>
    public IReadOnlyList<string> Read()
    {
        var seen = new SeenMessages();
        var progress = new JobProgress(Store, new RemoteTrainingOptions { DataPath = "/here/meters", OutputPath = "/here/run" }, seen);
        progress.Show(TestContext.Current.CancellationToken);
        progress.ShowStep(TestContext.Current.CancellationToken);
        return seen.Messages;
    }

    /// <summary>Writes a file of the run into the bucket.</summary>
    public JobFile Send(string name, string text, string? digest = null)
    {
        byte[] content = Encoding.UTF8.GetBytes(text);
        Store.Write(JobStore.Output + name, content, TestContext.Current.CancellationToken);
        return new JobFile(name, content.Length, digest ?? Convert.ToHexStringLower(SHA256.HashData(content)));
    }

    public void Dispose()
    {
        Machine.Dispose();
        temp.Dispose();
    }

    internal sealed class SeenMessages : ITrainingObserver
    {
        public List<string> Messages { get; } = [];

        public void StepEnded(TrainingProgress progress) => Messages.Add(FormattableString.Invariant($"step {progress.Step}"));

        public void EpochEnded(EpochRecord epoch)
        {
        }

        public void Verbose(string message)
        {
        }

        public void Information(string message) => Messages.Add(message);

        public void Warn(string message) => Messages.Add($"warning: {message}");
    }
}
