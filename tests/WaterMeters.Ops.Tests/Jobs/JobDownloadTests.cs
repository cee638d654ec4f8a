using WaterMeters.Ops.Jobs;

namespace WaterMeters.Ops.Tests.Jobs;

public sealed class JobDownloadTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Files_come_complete_and_report_their_bytes()
    {
        using var job = new TestJob();
        JobFile[] files = [job.Send("model.safetensors", "weights"), job.Send("attempt-1/metrics.json", "{}"), job.Send("empty", "")];
        var reports = new List<(long Done, long All)>();
        new JobDownload(job.Store, job.Output).Run(files, (done, all) => reports.Add((done, all)), Stop);
        Assert.Equal("weights", File.ReadAllText(Path.Combine(job.Output, "model.safetensors")));
        Assert.Equal("{}", File.ReadAllText(Path.Combine(job.Output, "attempt-1", "metrics.json")));
        Assert.Empty(File.ReadAllBytes(Path.Combine(job.Output, "empty")));
        Assert.Equal((9, 9), reports[^1]);
        Assert.False(Directory.Exists(job.Output + ".part"));
    }

    [Fact]
    public void What_came_before_an_interruption_is_not_fetched_again()
    {
        using var job = new TestJob();
        JobFile[] files = [job.Send("a", "first"), job.Send("b", "second")];
        job.Cloud.Intercept = call => call.EndsWith("output/b", StringComparison.Ordinal) ? "ExpiredToken" : null;
        Assert.Throws<InfrastructureException>(() => new JobDownload(job.Store, job.Output).Run(files, (_, _) => { }, Stop));
        Assert.False(Directory.Exists(job.Output));

        job.Cloud.Intercept = _ => null;
        job.Cloud.Calls.Clear();
        new JobDownload(job.Store, job.Output).Run(files, (_, _) => { }, Stop);
        Assert.Equal(["S3 GetObject jobs/job/output/b"], job.Cloud.Calls);
        Assert.Equal("first", File.ReadAllText(Path.Combine(job.Output, "a")));
    }

    [Fact]
    public void A_file_with_another_digest_is_an_error_and_no_run_appears()
    {
        using var job = new TestJob();
        JobFile[] files = [job.Send("a", "first"), job.Send("b", "second", digest: new string('0', 64))];
        var error = Assert.Throws<InfrastructureException>(
            () => new JobDownload(job.Store, job.Output).Run(files, (_, _) => { }, Stop));
        Assert.Equal(InfrastructureFault.JobUnusable, error.Fault);
        Assert.False(Directory.Exists(job.Output));
    }

    [Fact]
    public void The_model_is_there_only_when_the_rest_is()
    {
        using var job = new TestJob();
        JobFile[] files = [job.Send("model.safetensors", "weights"), job.Send("run/metrics.json", "{}")];
        Directory.CreateDirectory(job.Output);
        File.WriteAllText(Path.Combine(job.Output, "run"), "a file where the run has a folder");
        Assert.ThrowsAny<IOException>(() => new JobDownload(job.Store, job.Output).Run(files, (_, _) => { }, Stop));
        Assert.False(File.Exists(Path.Combine(job.Output, "model.safetensors")));
    }

    [Fact]
    public void A_file_of_an_earlier_call_with_another_content_is_fetched_again()
    {
        using var job = new TestJob();
        Directory.CreateDirectory(job.Output + ".part");
        File.WriteAllText(Path.Combine(job.Output + ".part", "a"), "other");
        new JobDownload(job.Store, job.Output).Run([job.Send("a", "first")], (_, _) => { }, Stop);
        Assert.Equal("first", File.ReadAllText(Path.Combine(job.Output, "a")));
    }

    [Theory]
    [InlineData("../run.txt")]
    [InlineData("a/../../b")]
    [InlineData("/etc/passwd")]
    [InlineData("")]
    public void A_name_that_leads_out_of_the_folder_is_refused(string name)
    {
        using var job = new TestJob();
        var error = Assert.Throws<InfrastructureException>(
            () => new JobDownload(job.Store, job.Output).Run([new JobFile(name, 1, "")], (_, _) => { }, Stop));
        Assert.Equal(InfrastructureFault.JobUnusable, error.Fault);
    }
}
