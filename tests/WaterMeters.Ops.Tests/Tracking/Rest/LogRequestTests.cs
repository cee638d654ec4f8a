using WaterMeters.Ops.Tracking;
using WaterMeters.Ops.Tracking.Rest;

namespace WaterMeters.Ops.Tests.Tracking.Rest;

public class LogRequestTests
{
    [Fact]
    public void An_epoch_is_one_request() => Assert.Single(LogRequest.Divide(Batch(metrics: 40, parameters: 60, tags: 30, length: 20)));

    [Fact]
    public void Nothing_is_no_request() => Assert.Empty(LogRequest.Divide(new RunBatch()));

    [Theory]
    [InlineData(2500, 250, 120, 10, 3)]
    [InlineData(1000, 0, 0, 10, 1)]
    [InlineData(1001, 0, 0, 10, 2)]
    [InlineData(0, 101, 0, 10, 2)]
    [InlineData(0, 100, 100, 5000, 2)] // a million characters and more
    public void Large_batches_stay_within_the_limits(int metrics, int parameters, int tags, int length, int requests)
    {
        var batch = Batch(metrics, parameters, tags, length);
        LogRequest[] parts = [.. LogRequest.Divide(batch)];
        Assert.Equal(requests, parts.Length);
        Assert.Equal(batch.Metrics, parts.SelectMany(part => part.Metrics));
        Assert.Equal(batch.Parameters, parts.SelectMany(part => part.Parameters));
        Assert.Equal(batch.Tags, parts.SelectMany(part => part.Tags));
        Assert.All(parts, part =>
        {
            Assert.InRange(part.Metrics.Count, 0, 1000);
            Assert.InRange(part.Parameters.Count, 0, 100);
            Assert.InRange(part.Tags.Count, 0, 100);
            Assert.InRange(part.Metrics.Count + part.Parameters.Count + part.Tags.Count, 1, 1000);
            Assert.InRange(part.Body(new string('a', 32)).ToJsonString().Length, 1, 1_000_000);
        });
    }

    [Fact]
    public void Numbers_that_JSON_does_not_have_are_written_as_MLflow_writes_them()
    {
        double[] values = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0.1];
        var metrics = values.Select(value => new Metric("m", value, DateTimeOffset.UnixEpoch, 0)).ToArray();
        var body = Assert.Single(LogRequest.Divide(new RunBatch { Metrics = metrics })).Body("r");
        Assert.Equal(
            ["\"NaN\"", "\"Infinity\"", "\"-Infinity\"", "0.1"],
            body["metrics"]!.AsArray().Select(metric => metric!["value"]!.ToJsonString()));
        Assert.False(body.ContainsKey("params") || body.ContainsKey("tags"));
    }

    private static RunBatch Batch(int metrics, int parameters, int tags, int length) => new()
    {
        Metrics = [.. Enumerable.Range(0, metrics).Select(i => new Metric($"m{i % 7}", i / 3.0, DateTimeOffset.UnixEpoch, i))],
        Parameters = Pairs(parameters, length),
        Tags = Pairs(tags, length),
    };

    private static Dictionary<string, string> Pairs(int count, int length) =>
        Enumerable.Range(0, count).ToDictionary(i => $"k{i}", _ => new string('x', length));
}
