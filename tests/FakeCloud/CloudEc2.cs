using System.Globalization;
using System.Text;
using System.Web;
using WaterMeters.Ops.Tests.Http;

namespace WaterMeters.Tests.Cloud;

/// <summary>EC2's query protocol, and the one question to STS, which has the same.</summary>
internal sealed class CloudEc2(FakeCloud cloud)
{
    public const int DiskGigabytes = 100;

    public string Name(FakeRequest request) => HttpUtility.ParseQueryString(request.Text)["Action"] ?? "";

    public FakeResponse Answer(FakeRequest request)
    {
        var form = HttpUtility.ParseQueryString(request.Text);
        string action = form["Action"] ?? "";
        string[] ids = [.. form.AllKeys.Where(key => key!.StartsWith("InstanceId.", StringComparison.Ordinal)).Select(key => form[key]!)];
        if (action == "ModifyInstanceAttribute") ids = [form["InstanceId"]!];
        var machines = cloud.Machines.Where(machine => ids.Contains(machine.Id)).ToArray();
        if (machines.Length < ids.Length) return FakeCloud.Error("ec2", "InvalidInstanceID.NotFound", 400);
        switch (action)
        {
            case "GetCallerIdentity":
                return FakeCloud.Xml("<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">"
                    + "<GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/ana</Arn><UserId>AIDA</UserId>"
                    + "<Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>");
            case "DescribeInstances":
                string? name = form["Filter.1.Value.1"];
                return Response(action, Reservations(name is null ? machines
                    : [.. cloud.Machines.Where(machine => machine.Name == name && cloud.HasTags)]));
            case "StartInstances" or "StopInstances" or "TerminateInstances":
                foreach (var machine in machines)
                {
                    string code = "";
                    if (action == "StartInstances") code = machine.Start();
                    else if (action == "StopInstances") code = machine.Stop();
                    else machine.Terminate();
                    int status = code.StartsWith("Insuff", StringComparison.Ordinal) ? 500 : 400;
                    if (code.Length > 0) return FakeCloud.Error("ec2", code, status);
                }

                return Response(action, "<instancesSet>" + string.Concat(machines.Select(machine => $"<item><instanceId>{machine.Id}"
                    + $"</instanceId><currentState><name>{machine.State}</name></currentState></item>")) + "</instancesSet>");
            case "ModifyInstanceAttribute":
                if (machines[0].State != "stopped") return FakeCloud.Error("ec2", "IncorrectInstanceState", 400);
                machines[0].Type = form["InstanceType.Value"]!;
                return Response(action, "<return>true</return>");
            case "CreateTags":
                foreach (var machine in cloud.Machines.Where(one => one.Id == form["ResourceId.1"]))
                {
                    machine.Tags[form["Tag.1.Key"]!] = form["Tag.1.Value"]!;
                }

                return Response(action, "<return>true</return>");
            case "DescribeVolumes":
                return Response(action, "<volumeSet>" + string.Concat(cloud.Machines.Where(machine => machine.State != "terminated")
                    .Select(machine => $"<item><volumeId>vol-{machine.Id}</volumeId><size>{DiskGigabytes}</size>"
                        + "<status>in-use</status><volumeType>gp3</volumeType>"
                        + "<createTime>2026-01-05T00:00:00.000Z</createTime>"
                        + $"<tagSet><item><key>wms:machine</key><value>{machine.Name}</value></item></tagSet></item>")) + "</volumeSet>");
            case "DescribeAddresses":
                return Response(action, !cloud.KeepsAddress ? "<addressesSet/>"
                    : "<addressesSet><item><publicIp>203.0.113.7</publicIp><allocationId>eipalloc-1</allocationId></item></addressesSet>");
            default:
                return FakeCloud.Error("ec2", "InvalidAction", 400);
        }
    }

    private string Reservations(IEnumerable<CloudMachine> machines)
    {
        var xml = new StringBuilder("<reservationSet>");
        foreach (var machine in machines)
        {
            string state = machine.VisibleState;
            bool hasAddress = state is "running";
            xml.Append(CultureInfo.InvariantCulture, $"<item><reservationId>r-1</reservationId><instancesSet><item>")
                .Append(CultureInfo.InvariantCulture, $"<instanceId>{machine.Id}</instanceId><instanceType>{machine.Type}</instanceType>")
                .Append(CultureInfo.InvariantCulture, $"<instanceState><code>{CodeOf(state)}</code><name>{state}</name></instanceState>")
                .Append("<placement><availabilityZone>eu-central-1a</availabilityZone></placement>")
                .Append("<privateIpAddress>10.0.1.5</privateIpAddress>")
                .Append(hasAddress ? "<ipAddress>203.0.113.7</ipAddress>" : "")
                .Append(machine.Launched == DateTimeOffset.MinValue ? "" : string.Create(
                    CultureInfo.InvariantCulture, $"<launchTime>{machine.Launched.UtcDateTime:yyyy-MM-ddTHH:mm:ss.000Z}</launchTime>"))
                .Append(!cloud.KeepsAddress && !hasAddress ? "" : "<networkInterfaceSet><item><association>"
                    + $"<publicIp>203.0.113.7</publicIp><ipOwnerId>{(cloud.KeepsAddress ? "123456789012" : "amazon")}</ipOwnerId>"
                    + "</association></item></networkInterfaceSet>")
                .Append(CultureInfo.InvariantCulture, $"<blockDeviceMapping><item><deviceName>/dev/xvda</deviceName><ebs>")
                .Append(CultureInfo.InvariantCulture, $"<volumeId>vol-{machine.Id}</volumeId>")
                .Append("<deleteOnTermination>true</deleteOnTermination></ebs></item></blockDeviceMapping>")
                .Append(CultureInfo.InvariantCulture, $"<tagSet><item><key>wms:machine</key><value>{machine.Name}</value></item></tagSet>")
                .Append("</item></instancesSet></item>");
        }

        return xml.Append("</reservationSet>").ToString();
    }

    private static int CodeOf(string state) => state switch
    {
        "pending" => 0,
        "running" => 16,
        "shutting-down" => 32,
        "terminated" => 48,
        "stopping" => 64,
        _ => 80,
    };

    private static FakeResponse Response(string action, string body) => FakeCloud.Xml(
        $"<{action}Response xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><requestId>fake</requestId>{body}</{action}Response>");
}
