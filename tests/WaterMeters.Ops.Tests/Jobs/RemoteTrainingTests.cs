using System.Text;
using WaterMeters.Ops.Jobs;

namespace WaterMeters.Ops.Tests.Jobs;

/// <summary>The client of a job, without the job itself.</summary>
public sealed class RemoteTrainingTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Failed", InfrastructureFault.JobFailed)]
    [InlineData("TimedOut", InfrastructureFault.TimedOut)]
    [InlineData("Cancelled", InfrastructureFault.TimedOut)]
    public void A_command_that_fails_leaves_the_lease_of_a_running_job(string status, InfrastructureFault fault)
    {
        using var job = new TestJob();
        Requested(job).Train(_ => { }, Stop);
        job.Cloud.LiveJobs = () => ["job"];
        job.Cloud.Faults.CommandStatus = status;
        var error = Assert.Throws<InfrastructureException>(() => Training(job).Train(_ => { }, Stop));
        Assert.Equal(fault, error.Fault);
        Assert.Contains("goes on without this computer", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, job.Machine.Get().LeaseCount);
    }

    [Fact]
    public void A_command_that_fails_before_there_is_a_job_releases_the_lease()
    {
        using var job = new TestJob();
        job.Cloud.Faults.CommandStatus = "Failed";
        Assert.Throws<InfrastructureException>(() => Requested(job).Train(_ => { }, Stop));
        Assert.Equal(0, job.Machine.Get().LeaseCount);
    }

    [Fact]
    public void A_job_that_has_failed_releases_the_lease_and_can_start_again()
    {
        using var job = new TestJob();
        var training = Requested(job, detach: false);
        job.Cloud.Run = _ =>
        {
            job.Cloud.Objects["jobs/job/result.json"] = JobJson.Bytes(new JobResult { Failure = "No photos." });
            return "started";
        };
        var error = Assert.Throws<InfrastructureException>(() => training.Train(_ => { }, Stop));
        Assert.Equal(InfrastructureFault.JobFailed, error.Fault);
        Assert.Contains("No photos", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, job.Machine.Get().LeaseCount);

        job.Cloud.Run = _ =>
        {
            job.Cloud.Objects["jobs/job/result.json"] = JobJson.Bytes(new JobResult());
            return "started";
        };
        job.Cloud.Calls.Clear();
        Training(job).Train(_ => { }, Stop);
        Assert.Contains("SSM SendCommand", job.Cloud.Calls);
    }

    [Fact]
    public void A_stop_releases_the_lease_before_anything_else()
    {
        using var job = new TestJob();
        using var stop = new CancellationTokenSource();
        var training = Requested(job, detach: false);
        job.Cloud.Run = _ =>
        {
            job.Cloud.Calls.Clear();
            stop.Cancel();
            return "started";
        };
        Assert.ThrowsAny<OperationCanceledException>(() => training.Train(_ => { }, stop.Token));
        string[] writes = [.. job.Cloud.Calls.Where(call => call.StartsWith("S3 PutObject", StringComparison.Ordinal))];
        Assert.Equal(["S3 PutObject machine/wms/lease", "S3 PutObject jobs/job/stop"], writes);
        Assert.Equal(0, job.Machine.Get().LeaseCount);
    }

    [Fact]
    public void A_stop_of_before_neither_stops_a_job_that_is_started_again_nor_ends_its_client()
    {
        using var job = new TestJob();
        job.Store.Write(JobStore.Stop, [], Stop);
        job.Store.Write(JobStore.Part(1), JobJson.Bytes(new JobEvent { Kind = JobEventKind.Stopped }), Stop);
        bool isThere = true, isAsked = false;
        job.Cloud.Run = _ =>
        {
            isThere = job.Cloud.Objects.ContainsKey("jobs/job/stop");
            return "started";
        };
        job.Cloud.Intercept = call =>
        {
            if (call == "S3 GetObject jobs/job/step.json" && !isAsked)
            {
                isAsked = true; // the client has read the old stop, and waits
                job.Cloud.Objects["jobs/job/result.json"] = JobJson.Bytes(new JobResult());
            }

            return null;
        };
        Requested(job, detach: false).Train(_ => { }, Stop);
        Assert.False(isThere);
        Assert.True(isAsked);
        Assert.Equal(0, job.Machine.Get().LeaseCount);
    }

    [Fact]
    public void A_result_that_comes_while_the_machine_is_asked_counts()
    {
        using var job = new TestJob();
        int commands = 0;
        job.Cloud.Run = _ =>
        {
            if (commands++ == 0) return "started";
            job.Cloud.Objects["jobs/job/result.json"] = JobJson.Bytes(new JobResult());
            return "state=ended";
        };
        Requested(job, detach: false).Train(_ => { }, Stop);
        Assert.True(commands > 1);
    }

    [Fact]
    public void A_machine_that_is_on_and_does_not_answer_is_waited_for()
    {
        using var job = new TestJob();
        int silent = 0;
        job.Cloud.Run = _ =>
        {
            job.Cloud.Faults.CommandStatus = "TimedOut";
            return "started";
        };
        job.Cloud.Intercept = call =>
        {
            if (call == "SSM SendCommand" && job.Cloud.Faults.CommandStatus.Length > 0 && ++silent == 3)
            {
                job.Cloud.Objects["jobs/job/result.json"] = JobJson.Bytes(new JobResult());
            }

            return null;
        };
        Requested(job, detach: false).Train(_ => { }, Stop);
        Assert.Equal(3, silent);
    }

    [Fact]
    public void Lines_of_a_newer_version_do_not_keep_a_run_from_being_downloaded()
    {
        using var job = new TestJob();
        job.Store.Write(JobStore.Part(1), Encoding.UTF8.GetBytes(
            "{\"Kind\":\"Checkpoint\",\"Text\":\"newer\"}\nno line\n{\"Kind\":\"Information\",\"Text\":\"said\"}\n"), Stop);
        Assert.Collection(
            job.Read(), line => Assert.StartsWith("warning: ", line, StringComparison.Ordinal), line => Assert.Equal("said", line));

        JobFile[] files = [job.Send("model.safetensors", "weights")];
        job.Store.Write(JobStore.Result, JobJson.Bytes(new JobResult { Files = files }), Stop);
        Requested(job, detach: false).Train(_ => { }, Stop);
        Assert.Equal("weights", File.ReadAllText(Path.Combine(job.Output, "model.safetensors")));
    }

    [Fact]
    public void A_result_without_its_files_is_an_error_that_names_it()
    {
        using var job = new TestJob();
        job.Store.Write(JobStore.Result, "{\"Files\":null}"u8.ToArray(), Stop);
        var error = Assert.Throws<InfrastructureException>(() => Requested(job, detach: false).Train(_ => { }, Stop));
        Assert.Equal(InfrastructureFault.JobUnusable, error.Fault);
        Assert.Contains("jobs/job/result.json", error.Message, StringComparison.Ordinal);
    }

    private static RemoteTraining Requested(TestJob job, bool detach = true)
    {
        job.Store.Write(JobStore.Request, JobJson.Bytes(TestJob.Request), Stop);
        return Training(job, detach);
    }

    private static RemoteTraining Training(TestJob job, bool detach = false)
    {
        var options = new RemoteTrainingOptions { DataPath = "/here/meters", OutputPath = job.Output, RunId = "job", Detach = detach };
        return new RemoteTraining(job.Machine.Session, options, new TestJob.SeenMessages(), _ => null, Stop);
    }
}
