using System.Globalization;
using Amazon.Runtime;
using WaterMeters.Ops.Aws;
using WaterMeters.Ops.Tests.Http;

namespace WaterMeters.Ops.Tests.Aws;

public sealed class AwsJsonClientTests
{
    [Theory]
    [InlineData("", "/schedules/my%20machine?groupName=a", "GET\n/schedules/my%2520machine\ngroupName=a")]
    [InlineData("aws", "/aws/schedules/my%20machine?groupName=a", "GET\n/aws/schedules/my%2520machine\ngroupName=a")]
    [InlineData("aws/", "/aws/schedules/my%20machine?groupName=a", "GET\n/aws/schedules/my%2520machine\ngroupName=a")]
    public async Task A_path_is_below_that_of_the_address_and_is_signed_as_AWS_reads_it(string below, string target, string signed)
    {
        using var server = new FakeServer(_ => FakeResponse.Json("{}"));
        using var client = new AwsJsonClient(new BasicAWSCredentials("AKIAFAKE", "PLANTED-SECRET"), new Uri(server.Address, below),
            "eu-central-1", "scheduler", TimeSpan.FromSeconds(30), TimeProvider.System);
        using var answer = await client.SendAsync(
            HttpMethod.Get, "schedules/my%20machine?groupName=a", "", TestContext.Current.CancellationToken);
        var request = Assert.Single(server.Requests);
        Assert.Equal(target, request.Target);

        var time = DateTime.ParseExact(request.Header("x-amz-date"), "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["content-type"] = "application/json",
            ["host"] = server.Address.Authority,
            ["x-amz-date"] = request.Header("x-amz-date"),
        };
        var keys = new ImmutableCredentials("AKIAFAKE", "PLANTED-SECRET", null);
        Assert.Equal(AwsJsonClient.Sign(keys, "eu-central-1", "scheduler", time, signed, headers, ""), request.Header("Authorization"));
    }
}
