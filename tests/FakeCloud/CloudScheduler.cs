using System.Globalization;
using System.Text.Json.Nodes;
using System.Web;
using WaterMeters.Ops.Tests.Http;

namespace WaterMeters.Tests.Cloud;

/// <summary>EventBridge Scheduler with one-time schedules, which stop an instance when their time comes.</summary>
/// <param name="cloud">The cloud.</param>
internal sealed class CloudScheduler(FakeCloud cloud)
{
    private readonly Dictionary<string, JsonNode> schedules = [];
    private readonly HashSet<string> called = [];

    /// <summary>The schedules: group and name, then what was sent.</summary>
    public IReadOnlyDictionary<string, JsonNode> Schedules => schedules;

    public static string Name(FakeRequest request) => request.Method switch
    {
        "GET" => "GetSchedule",
        "POST" => "CreateSchedule",
        "PUT" => "UpdateSchedule",
        _ => "DeleteSchedule",
    };

    public FakeResponse Answer(FakeRequest request)
    {
        var body = request.Body.Length == 0 ? null : JsonNode.Parse(request.Text);
        var query = HttpUtility.ParseQueryString(request.Target.Split('?').ElementAtOrDefault(1) ?? "");
        string? group = (string?)body?["GroupName"] ?? query["groupName"];
        string key = $"{group}/{request.Path.Split('/')[^1]}";
        bool exists = schedules.ContainsKey(key);
        if (request.Method == "POST" && exists) return FakeCloud.Error("scheduler", "ConflictException", 409);
        if (request.Method != "POST" && !exists) return FakeCloud.Error("scheduler", "ResourceNotFoundException", 404);
        switch (request.Method)
        {
            case "GET":
                return FakeResponse.Json(schedules[key].ToJsonString());
            case "DELETE":
                schedules.Remove(key);
                return FakeResponse.Json("{}");
            default:
                called.Remove(key);
                schedules[key] = body!;
                return FakeResponse.Json($"{{\"ScheduleArn\":\"arn:aws:scheduler:{FakeCloud.Region}:123456789012:schedule/{key}\"}}");
        }
    }

    /// <summary>Calls what is due.</summary>
    public void Tick()
    {
        foreach (var (key, schedule) in schedules)
        {
            if (cloud.Clock.GetUtcNow() < Time(schedule) || !called.Add(key)) continue;
            string id = (string)JsonNode.Parse((string)schedule["Target"]!["Input"]!)!["InstanceIds"]![0]!;
            cloud.Machines.Find(machine => machine.Id == id)?.Stop();
        }
    }

    /// <summary>Returns when a schedule calls.</summary>
    public static DateTimeOffset Time(JsonNode schedule) => DateTimeOffset.ParseExact(
        (string)schedule["ScheduleExpression"]!, "'at('yyyy-MM-ddTHH:mm:ss')'", CultureInfo.InvariantCulture,
        DateTimeStyles.AssumeUniversal);
}
