using WaterMeters.Ops.Jobs;

namespace WaterMeters.Ops.Tests.Jobs;

/// <summary>What becomes of the errors of a job on the machine.</summary>
public sealed class JobRunnerTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void What_the_request_makes_fail_is_the_result()
    {
        using var job = new TestJob();
        job.Store.Write(JobStore.Request, JobJson.Bytes(TestJob.Request), Stop); // its .dvc file names no output
        Run(job);
        var result = JobJson.Read<JobResult>(job.Store.Read(JobStore.Result, Stop), "result");
        Assert.Contains("meters.dvc", result.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void After_an_error_of_the_machine_there_is_no_result_and_the_client_is_told_why()
    {
        using var job = new TestJob();
        job.Store.Write(JobStore.Request, JobJson.Bytes(TestJob.Request), Stop);
        Directory.CreateDirectory(job.Output);
        File.WriteAllText(Path.Combine(job.Output, JobPaths.Data), "a file where the data set has its folder");
        var error = Assert.ThrowsAny<IOException>(() => Run(job));
        Assert.Null(job.Store.Read(JobStore.Result, Stop));
        Assert.Equal([$"warning: {error.Message}"], job.Read());

        File.Delete(Path.Combine(job.Output, JobPaths.Data));
        Run(job);
        Assert.NotNull(job.Store.Read(JobStore.Result, Stop));
    }

    [Fact]
    public void A_job_that_has_a_result_is_not_run_again()
    {
        using var job = new TestJob();
        job.Store.Write(JobStore.Result, "{}"u8.ToArray(), Stop);
        Run(job); // there is no request
        Assert.Equal("{}"u8.ToArray(), job.Store.Read(JobStore.Result, Stop));
    }

    private static void Run(TestJob job) =>
        new JobRunner(job.Machine.Session, "job", job.Output).Run(new TestJob.SeenMessages(), Stop);
}
