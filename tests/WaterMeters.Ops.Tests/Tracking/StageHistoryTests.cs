using WaterMeters.Ops.Tracking;

namespace WaterMeters.Ops.Tests.Tracking;

public class StageHistoryTests
{
    [Fact]
    public void A_version_without_records_has_its_stage_since_its_last_change()
    {
        var change = Assert.Single(StageHistory.Of([Version(1, RegistryStage.Production, updated: 50)]));
        Assert.Equal((RegistryStage.None, RegistryStage.Production), (change.From, change.To));
        Assert.Equal((Time(50), false), (change.Time, change.IsRecorded));
        Assert.Empty(StageHistory.Of([Version(1, RegistryStage.None, updated: 50)]));
    }

    [Fact]
    public void A_change_by_other_software_after_a_recorded_one_is_not_overlooked()
    {
        var version = Version(
            1, RegistryStage.Archived, updated: 50, (10, RegistryStage.None, RegistryStage.Production));
        Assert.Equal(
            [(RegistryStage.Production, true), (RegistryStage.Archived, false)],
            StageHistory.Of([version]).Select(change => (change.To, change.IsRecorded)));
        Assert.Equal(1, StageHistory.At([version], RegistryStage.Production, Time(49))!.Version);
        Assert.Null(StageHistory.At([version], RegistryStage.Production, Time(50)));
    }

    [Fact]
    public void A_change_is_recorded_after_those_that_are_there()
    {
        var version = Version(1, RegistryStage.Production, updated: 50, (10, RegistryStage.None, RegistryStage.Production));
        Assert.Equal(Time(11), StageHistory.TimeAfter([version], Time(11)));
        Assert.Equal(Time(10).AddMilliseconds(1), StageHistory.TimeAfter([version], Time(10)));
        Assert.Equal(Time(10).AddMilliseconds(1), StageHistory.TimeAfter([version], Time(9)));
        Assert.Equal(Time(9), StageHistory.TimeAfter([], Time(9)));
    }

    [Fact]
    public void Tags_that_somebody_edited_are_left_out()
    {
        var version = Version(1, RegistryStage.None, updated: 50) with
        {
            Tags = new Dictionary<string, string>
            {
                [StageHistory.KeyOf(Time(1))] = "not JSON",
                [StageHistory.KeyOf(Time(2))] = "{\"from\":\"Nowhere\",\"to\":\"None\"}",
                [StageHistory.Prefix + "yesterday"] = StageHistory.ValueOf(RegistryStage.None, RegistryStage.None, "", ""),
                [StageHistory.Prefix + new string('9', 19)] = StageHistory.ValueOf(RegistryStage.None, RegistryStage.None, "", ""),
                [StageHistory.KeyOf(Time(3))] = "null",
            },
        };
        Assert.Empty(StageHistory.Of([version]));
    }

    [Fact]
    public void Reasons_are_readable_in_the_tag()
    {
        string value = StageHistory.ValueOf(RegistryStage.Staging, RegistryStage.Production, "joão", "melhor & \"mais\" rápido");
        Assert.Contains("joão", value);
        Assert.Contains("rápido", value);
        string longest = StageHistory.ValueOf(
            RegistryStage.Production,
            RegistryStage.Production,
            new string('"', TrackingLimits.Key),
            new string('"', TrackingLimits.Reason));
        Assert.InRange(longest.Length, 0, TrackingLimits.TagValue);
        Assert.Equal("wms.stage.1800000000000", StageHistory.KeyOf(Time(0)));
    }

    private static ModelVersion Version(
        int number, RegistryStage stage, int updated, params (int Seconds, RegistryStage From, RegistryStage To)[] changes) => new()
        {
            Name = "meters",
            Version = number,
            Stage = stage,
            Created = Time(0),
            Updated = Time(updated),
            Source = "x",
            Tags = changes.ToDictionary(c => StageHistory.KeyOf(Time(c.Seconds)), c => StageHistory.ValueOf(c.From, c.To, "ana", "")),
            Aliases = [],
        };

    private static DateTimeOffset Time(int seconds) => DateTimeOffset.FromUnixTimeSeconds(1_800_000_000 + seconds);
}
