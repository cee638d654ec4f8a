using System.Text.Json.Nodes;
using WaterMeters.Ops.Tests.Http;
using WaterMeters.Ops.Tracking;
using WaterMeters.Ops.Tracking.Rest;

namespace WaterMeters.Ops.Tests.Tracking.Rest;

public class RestStageTests
{
    [Fact]
    public void A_change_is_recorded_after_those_of_a_faster_clock()
    {
        var stop = TestContext.Current.CancellationToken;
        var recorded = DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000);
        string past = StageHistory.ValueOf(RegistryStage.None, RegistryStage.Production, "ben", "");
        JsonObject old = Version("1", "Production"), candidate = Version("2", "None");
        old["tags"] = new JsonArray(new JsonObject { ["key"] = StageHistory.KeyOf(recorded), ["value"] = past });
        using var server = new FakeServer(request => request switch
        {
            _ when request.Path.EndsWith("model-versions/search", StringComparison.Ordinal) =>
                Json(new JsonObject { ["model_versions"] = new JsonArray(candidate.DeepClone(), old.DeepClone()) }),
            _ when request.Path.EndsWith("model-versions/get", StringComparison.Ordinal) =>
                Json(new JsonObject { ["model_version"] = candidate.DeepClone() }),
            _ => FakeResponse.Json("{}"),
        });
        using var store = new RestTrackingStore(new MlflowSettings { Address = server.Address, Retries = 0 });
        store.SetStage(
            new()
            {
                Name = "m",
                Version = 2,
                Stage = RegistryStage.Production,
                ArchiveOthers = true,
                By = "ana",
                Time = recorded.AddSeconds(-5),
            },
            stop);
        var tags = server.Requests.Where(request => request.Path.EndsWith("set-tag", StringComparison.Ordinal))
            .Select(request => JsonNode.Parse(request.Body)!)
            .Select(tag => (tag["version"]!.GetValue<string>(), tag["key"]!.GetValue<string>()));
        string key = StageHistory.KeyOf(recorded.AddMilliseconds(1));
        Assert.Equal([("1", key), ("2", key)], tags);
    }

    [Fact]
    public void A_version_that_may_not_be_replaced_is_an_error_before_anything_changes()
    {
        JsonObject old = Version("1", "Production"), candidate = Version("2", "None");
        using var server = new FakeServer(request => request switch
        {
            _ when request.Path.EndsWith("model-versions/search", StringComparison.Ordinal) =>
                Json(new JsonObject { ["model_versions"] = new JsonArray(candidate.DeepClone(), old.DeepClone()) }),
            _ when request.Path.EndsWith("model-versions/get", StringComparison.Ordinal) =>
                Json(new JsonObject { ["model_version"] = candidate.DeepClone() }),
            _ => FakeResponse.Json("{}"),
        });
        using var store = new RestTrackingStore(new MlflowSettings { Address = server.Address, Retries = 0 });
        var request = new StageRequest
        {
            Name = "m", Version = 2, Stage = RegistryStage.Production, ArchiveOthers = true, MayReplace = [3], By = "ana",
            Time = DateTimeOffset.UnixEpoch,
        };
        var error = Assert.Throws<TrackingException>(() => store.SetStage(request, TestContext.Current.CancellationToken));
        Assert.Equal((TrackingFault.Refused, "2"), (error.Fault, error.Target));
        Assert.DoesNotContain(server.Requests, sent => sent.Path.EndsWith("transition-stage", StringComparison.Ordinal));
    }

    private static JsonObject Version(string number, string stage) => new()
    {
        ["name"] = "m",
        ["version"] = number,
        ["current_stage"] = stage,
        ["source"] = "s",
        ["creation_timestamp"] = 1_700_000_000_000,
    };

    private static FakeResponse Json(JsonObject answer) => FakeResponse.Json(answer.ToJsonString());
}
