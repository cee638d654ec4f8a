using WaterMeters.Ops.Tracking;

namespace WaterMeters.Ops.Tests.Tracking;

public class TrackingLimitsTests
{
    [Theory]
    [InlineData("val_dice", true)]
    [InlineData("system/gpu 0.load-1", true)]
    [InlineData("größe", true)]
    [InlineData("", false)]
    [InlineData("a:b", false)]
    [InlineData("a\n", false)]
    [InlineData("a//b", false)]
    [InlineData("./a", false)]
    [InlineData("a/..", false)]
    [InlineData("/a", false)]
    [InlineData("a/", false)]
    public void Keys_are_simple_paths_of_allowed_characters(string key, bool allowed)
    {
        Check(allowed, () => TrackingLimits.CheckTags(new Dictionary<string, string> { [key] = "x" }));
        Check(allowed, () => TrackingLimits.Check(new RunBatch { Metrics = [new(key, 1, DateTimeOffset.UnixEpoch, 0)] }));
        Check(allowed, () => TrackingLimits.Check(new RunBatch { Parameters = new Dictionary<string, string> { [key] = "x" } }));
    }

    [Fact]
    public void Lengths_are_those_of_MLflow_to_the_character()
    {
        foreach (var (length, limit, check) in new (int, int, Action<string>)[]
        {
            (250, TrackingLimits.Key, text => TrackingLimits.CheckTags(new Dictionary<string, string> { [text] = "" })),
            (5000, TrackingLimits.TagValue, text => TrackingLimits.CheckTags(new Dictionary<string, string> { ["k"] = text })),
            (6000, TrackingLimits.ParameterValue,
                text => TrackingLimits.Check(new RunBatch { Parameters = new Dictionary<string, string> { ["k"] = text } })),
            (255, TrackingLimits.Alias, TrackingLimits.CheckAlias),
            (250, TrackingLimits.Name, TrackingLimits.CheckModelName),
        })
        {
            Assert.Equal(length, limit);
            Check(true, () => check(new string('a', limit)));
            Check(false, () => check(new string('a', limit + 1)));
        }
    }

    [Theory]
    [InlineData("champion", true)]
    [InlineData("v1.0", false)]
    [InlineData("v1", false)]
    [InlineData("V22", false)]
    [InlineData("Latest", false)]
    [InlineData("v1a", true)]
    [InlineData("a b", false)]
    [InlineData("", false)]
    public void Reserved_aliases_are_refused(string alias, bool allowed) => Check(allowed, () => TrackingLimits.CheckAlias(alias));

    [Theory]
    [InlineData("water-meter-segmentation", true)]
    [InlineData("a/b", false)]
    [InlineData("a:b", false)]
    [InlineData("a@b", false)]
    [InlineData(" ", false)]
    public void Model_names_fit_into_addresses(string name, bool allowed) => Check(allowed, () => TrackingLimits.CheckModelName(name));

    [Fact]
    public void Times_before_1970_are_refused() => Check(
        false, () => TrackingLimits.Check(new NewRun { ExperimentId = "1", Name = "r", Start = DateTimeOffset.UnixEpoch.AddTicks(-1) }));

    private static void Check(bool allowed, Action check)
    {
        if (allowed) check();
        else Assert.Equal(TrackingFault.InvalidValue, Assert.Throws<TrackingException>(check).Fault);
    }
}
