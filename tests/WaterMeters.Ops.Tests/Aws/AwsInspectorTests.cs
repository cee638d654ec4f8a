using System.Net;
using System.Net.Sockets;
using WaterMeters.Ops.Aws;
using WaterMeters.Tests.Cloud;

namespace WaterMeters.Ops.Tests.Aws;

public sealed class AwsInspectorTests
{
    private static readonly AwsKeys Keys = new("AKIAFAKE", "PLANTED-SECRET", "PLANTED-TOKEN");

    [Theory]
    [InlineData("eu-central-1", EnvironmentStatus.Ok, "Frankfurt")]
    [InlineData("eu-cental-1", EnvironmentStatus.Warning, "not among the regions")]
    [InlineData(null, EnvironmentStatus.Missing, "No setting names a region")]
    public void A_region_is_looked_up_without_the_network(string? region, EnvironmentStatus status, string detail)
    {
        var check = AwsInspector.InspectRegion(new AwsSettings { Region = region, IsConfigured = true }, isNeeded: false);
        Assert.Equal(status, check.Status);
        Assert.Contains(detail, check.Detail, StringComparison.Ordinal);
        Assert.Equal(status == EnvironmentStatus.Ok, check.Remedy.Length == 0);
    }

    [Fact]
    public void What_is_not_set_up_is_skipped_unless_it_is_needed()
    {
        Assert.Equal(EnvironmentStatus.Skipped, AwsInspector.InspectRegion(new AwsSettings(), isNeeded: false).Status);
        Assert.Equal(EnvironmentStatus.Missing, AwsInspector.InspectRegion(new AwsSettings(), isNeeded: true).Status);
        Assert.Equal(EnvironmentStatus.Skipped, Inspect(new AwsSettings(), TimeSpan.FromMinutes(1)).Status);
    }

    [Fact]
    public void A_service_that_never_answers_ends_the_check_at_its_limit()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var endpoint = new Uri($"http://{silent.LocalEndpoint}/");
        var check = Inspect(new AwsSettings { IsConfigured = true, Keys = Keys, Endpoint = endpoint }, TimeSpan.FromMilliseconds(1));
        Assert.Equal(EnvironmentStatus.Missing, check.Status);
        Assert.Equal("No answer within 0.001 s.", check.Detail);
    }

    [Fact]
    public void Credentials_are_checked_in_one_request()
    {
        using var cloud = new FakeCloud();
        var settings = new AwsSettings { IsConfigured = true, Keys = Keys, Endpoint = cloud.Endpoint, Region = FakeCloud.Region };
        Assert.Equal(EnvironmentStatus.Ok, Inspect(settings, TimeSpan.FromMinutes(1)).Status);
        Assert.Equal(["STS GetCallerIdentity"], cloud.Calls);
        cloud.Faults.Throttled = 1;
        var check = Inspect(settings, TimeSpan.FromMinutes(1));
        Assert.Equal(EnvironmentStatus.Missing, check.Status);
        Assert.Equal("Try again in a minute.", check.Remedy);
        Assert.DoesNotContain("PLANTED", check.ToString(), StringComparison.Ordinal);
    }

    private static EnvironmentCheck Inspect(AwsSettings settings, TimeSpan limit) =>
        AwsInspector.InspectCredentials(settings, isNeeded: false, limit, TestContext.Current.CancellationToken);
}
