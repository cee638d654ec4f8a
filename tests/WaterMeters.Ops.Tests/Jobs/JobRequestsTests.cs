using System.Text;
using WaterMeters.Ops.Jobs;
using WaterMeters.Ops.Machines;

namespace WaterMeters.Ops.Tests.Jobs;

public sealed class JobRequestsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void The_same_request_of_the_same_person_is_the_same_job()
    {
        string id = Identity(TestJob.Request).Id;
        Assert.Equal(id, Identity(TestJob.Request with { Options = TestJob.Options with { } }).Id);
        Assert.NotEqual(id, Identity(TestJob.Request with { Options = TestJob.Options with { Seed = 4 } }).Id);
        Assert.NotEqual(id, Identity(TestJob.Request with { Attempts = 2 }).Id);
        Assert.NotEqual(id, Identity(TestJob.Request with { Split = "{}" }).Id);
        Assert.NotEqual(id, Identity(TestJob.Request with { Data = TestJob.Request.Data with { Address = "s3://other" } }).Id);
        Assert.Matches("^[A-Za-z0-9_][A-Za-z0-9_-]+-[0-9a-f]{12}$", id);
    }

    [Fact]
    public void In_a_workflow_the_run_is_the_person_and_a_given_name_stays()
    {
        Assert.StartsWith("gh-42-7-", Identity(TestJob.Request, ("GITHUB_RUN_ID", "7"), ("GITHUB_REPOSITORY_ID", "42")).Id,
            StringComparison.Ordinal);
        Assert.Equal("night", JobRequests.IdentityOf(TestJob.Request, "night", _ => null).Id);
    }

    [Fact]
    public void Another_request_under_the_same_name_is_refused()
    {
        using var job = new TestJob();
        var run = new RunIdentity("job", "ana@PC");
        JobRequests.Write(job.Store, run, TestJob.Request, Stop);
        JobRequests.Write(job.Store, run, TestJob.Request, Stop);
        Assert.Equal(TestJob.Request.Digest(), JobRequests.Read(job.Store, Stop)!.Digest());
        var error = Assert.Throws<InfrastructureException>(
            () => JobRequests.Write(job.Store, run, TestJob.Request with { Attempts = 2 }, Stop));
        Assert.Equal(InfrastructureFault.JobUnusable, error.Fault);
    }

    [Theory]
    [InlineData(null, "Cannot read the split file")]
    [InlineData("photos: a", "is not a valid split file")]
    public void A_split_file_that_cannot_be_used_is_the_error_of_a_training_here(string? text, string part)
    {
        using var temp = new TempFolder();
        if (text is not null) File.WriteAllText(temp["split.json"], text);
        var options = TestJob.Options with { DataPath = temp["meters"], SplitPath = temp["split.json"] };
        var error = Assert.Throws<DatasetException>(() => JobRequests.Of(options, 1, null, null, Stop));
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.Equal(options.SplitPath, error.Path);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("null")]
    [InlineData("{}")]
    public void A_request_that_is_none_is_an_error_that_names_it(string text)
    {
        using var job = new TestJob();
        job.Store.Write(JobStore.Request, Encoding.UTF8.GetBytes(text), Stop);
        var error = Assert.Throws<InfrastructureException>(() => JobRequests.Read(job.Store, Stop));
        Assert.Equal(InfrastructureFault.JobUnusable, error.Fault);
        Assert.Contains("jobs/job/request.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_of_a_newer_version_is_an_error()
    {
        using var job = new TestJob();
        job.Store.Write(JobStore.Request, JobJson.Bytes(TestJob.Request with { Format = 2 }), Stop);
        Assert.Throws<InfrastructureException>(() => JobRequests.Read(job.Store, Stop));
    }

    private static RunIdentity Identity(JobRequest request, params (string Name, string Value)[] variables) =>
        JobRequests.IdentityOf(request, null, name => variables.FirstOrDefault(one => one.Name == name).Value);
}
