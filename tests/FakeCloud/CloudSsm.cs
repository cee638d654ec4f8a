using System.Text.Json;
using System.Text.Json.Nodes;
using WaterMeters.Ops.Tests.Http;

namespace WaterMeters.Tests.Cloud;

/// <summary>SSM's JSON protocol: whether an instance is online, commands that run at once, and sessions.</summary>
internal sealed class CloudSsm(FakeCloud cloud)
{
    /// <summary>The token of every session: a planted secret.</summary>
    private const string SessionToken = "PLANTED-TOKEN-OF-A-SESSION";

    private readonly Dictionary<string, (string Status, string Output)> ended = [];

    public string Name(FakeRequest request) => request.Header("X-Amz-Target").Split('.')[^1];

    public FakeResponse Answer(FakeRequest request)
    {
        var body = JsonNode.Parse(request.Text)!;
        switch (Name(request))
        {
            case "DescribeInstanceInformation":
                var filters = body["Filters"] as JsonArray ?? [];
                string[] wanted = [.. filters.SelectMany(f => (JsonArray)f!["Values"]!).Select(v => (string)v!)];
                var online = cloud.Machines.Where(machine => machine.IsOnline && (wanted.Length == 0 || wanted.Contains(machine.Id)));
                return Json(new JsonObject
                {
                    ["InstanceInformationList"] = new JsonArray([.. online.Select(machine => (JsonNode)new JsonObject
                    {
                        ["InstanceId"] = machine.Id,
                        ["PingStatus"] = "Online",
                    })]),
                });
            case "SendCommand":
                if (!cloud.Machines.Any(machine => machine.IsOnline && machine.Id == (string?)body["InstanceIds"]?[0]))
                {
                    return FakeCloud.Error("ssm", "InvalidInstanceId", 400);
                }

                string id = Guid.NewGuid().ToString();
                var commands = (JsonArray)body["Parameters"]!["commands"]!;
                ended[id] = cloud.Faults.CommandStatus is { Length: > 0 } status ? (status, "")
                    : ("Success", cloud.Run(string.Join('\n', commands.Select(command => (string)command!))));
                return Json(new JsonObject { ["Command"] = new JsonObject { ["CommandId"] = id, ["Status"] = "Pending" } });
            case "GetCommandInvocation":
                if (!ended.TryGetValue((string)body["CommandId"]!, out var end))
                {
                    return FakeCloud.Error("ssm", "InvocationDoesNotExist", 400);
                }

                return Json(new JsonObject
                {
                    ["CommandId"] = (string)body["CommandId"]!,
                    ["Status"] = end.Status,
                    ["ResponseCode"] = end.Status == "Success" ? 0 : 1,
                    ["StandardOutputContent"] = end.Output,
                });
            case "StartSession":
                bool isThere = cloud.Machines.Any(machine => machine.IsOnline && machine.Id == (string?)body["Target"]);
                if (cloud.Faults.LateSessions > 0 || !isThere)
                {
                    cloud.Faults.LateSessions--;
                    return FakeCloud.Error("ssm", "TargetNotConnected", 400);
                }

                string session = $"ana-{Guid.NewGuid():n}";
                cloud.Sessions.Add(session);
                return Json(new JsonObject
                {
                    ["SessionId"] = session,
                    ["TokenValue"] = SessionToken,
                    ["StreamUrl"] = $"wss://ssmmessages.eu-central-1.amazonaws.com/v1/data-channel/{session}?role=publish_subscribe",
                });
            case "TerminateSession":
                string ending = (string)body["SessionId"]!;
                return cloud.Sessions.Remove(ending) ? Json(new JsonObject { ["SessionId"] = ending })
                    : FakeCloud.Error("ssm", "DoesNotExistException", 400);
            default:
                return FakeCloud.Error("ssm", "InvalidAction", 400);
        }
    }

    private static FakeResponse Json(JsonNode body) => FakeResponse.Json(body.ToJsonString(JsonSerializerOptions.Default));
}
