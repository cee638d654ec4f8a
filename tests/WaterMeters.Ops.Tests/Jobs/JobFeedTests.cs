using System.Text;
using WaterMeters.Ml.Training;
using WaterMeters.Ops.Jobs;

namespace WaterMeters.Ops.Tests.Jobs;

public sealed class JobFeedTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Fact]
    public void Lines_whose_answers_are_lost_come_once_and_in_their_order()
    {
        using var job = new TestJob();
        using (var feed = new JobFeed(job.Store, () => { }))
        {
            job.Cloud.Faults.Lost = 4;
            foreach (string line in (string[])["one", "two", "three"]) feed.Information(line);
            feed.Warn("four");
            feed.End(Limit);
        }

        Assert.Equal(["one", "two", "three", "warning: four"], job.Read());
        Assert.Equal(0, job.Cloud.Faults.Lost);
    }

    [Fact]
    public void A_job_that_is_started_again_writes_after_what_is_there()
    {
        using var job = new TestJob();
        foreach (string line in (string[])["before", "after"])
        {
            using var feed = new JobFeed(job.Store, () => { });
            feed.Information(line);
            feed.End(Limit);
        }

        Assert.Equal(["before", "after"], job.Read());
    }

    [Fact]
    public void Steps_make_no_parts_and_the_first_free_part_is_found_with_one_request()
    {
        using var job = new TestJob();
        var stop = TestContext.Current.CancellationToken;
        for (int part = 1; part <= 40; part++) job.Store.Write(JobStore.Part(part), "\n"u8.ToArray(), stop);
        job.Cloud.Calls.Clear();
        using (var feed = new JobFeed(job.Store, () => { }))
        {
            feed.StepEnded(StepOf(1));
            feed.StepEnded(StepOf(2));
            Assert.True(SpinWait.SpinUntil(() => IsSent(job, step: 2), Limit));
            feed.Information("said");
            feed.End(Limit);
        }

        var writes = job.Cloud.Calls.Where(call => call.StartsWith("S3 PutObject", StringComparison.Ordinal)).Distinct();
        Assert.Equal(["S3 PutObject jobs/job/step.json", "S3 PutObject jobs/job/progress/000041.jsonl"], writes);
        Assert.Equal(["said", "step 2"], job.Read());
    }

    [Fact]
    public void A_stop_in_the_bucket_is_seen()
    {
        using var job = new TestJob();
        using var stopped = new ManualResetEventSlim();
        job.Store.Write(JobStore.Stop, [], TestContext.Current.CancellationToken);
        using var feed = new JobFeed(job.Store, stopped.Set);
        Assert.True(stopped.Wait(Limit, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_bucket_that_cannot_be_reached_costs_no_more_than_the_limit()
    {
        using var job = new TestJob();
        using var feed = new JobFeed(job.Store, () => { });
        job.Cloud.Faults.Every = "AccessDenied";
        feed.Information("never sent");
        feed.End(TimeSpan.Zero);
        job.Cloud.Faults.Every = "";
        Assert.Empty(job.Read());
    }

    private static TrainingProgress StepOf(int number) => new(1, 2, number, 4, 32, 0.5, 10, 0.1, null);

    private static bool IsSent(TestJob job, int step) => job.Store.Read(JobStore.Step, TestContext.Current.CancellationToken) is { } sent
        && Encoding.UTF8.GetString(sent).Contains($"\"Step\":{step}", StringComparison.Ordinal);
}
