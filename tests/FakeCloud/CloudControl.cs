using System.Globalization;
using System.Text;
using System.Web;
using WaterMeters.Ops.Tests.Http;

namespace WaterMeters.Tests.Cloud;

/// <summary>How tests of cmdlets, in another process, ask the cloud for faults and look at it.</summary>
internal sealed class CloudControl(FakeCloud cloud)
{
    public FakeResponse Answer(FakeRequest request)
    {
        var query = HttpUtility.ParseQueryString(request.Target.Split('?').ElementAtOrDefault(1) ?? "");
        switch (request.Path)
        {
            case "/_fake/set":
                foreach (string? key in query.AllKeys) Set(key!, query[key]!);
                return Text("");
            case "/_fake/calls":
                string calls = string.Join('\n', cloud.Calls);
                if (query["clear"] is not null) cloud.Calls.Clear();
                return Text(calls);
            case "/_fake/sessions":
                return Text(string.Join('\n', cloud.Sessions));
            case "/_fake/get":
                return Text($"{typeof(CloudFaults).GetProperty(query["name"]!)!.GetValue(cloud.Faults)}");
            case "/_fake/state":
                return Text(string.Join('\n', cloud.Machines.Select(machine =>
                    $"{machine.Id} {machine.State} {machine.Type} {machine.Tags.GetValueOrDefault("wms:lease")}")));
            default:
                return new FakeResponse(404, []);
        }
    }

    private void Set(string key, string value)
    {
        switch (key)
        {
            case "state":
                cloud.Machine.Set(value);
                break;
            case "type":
                cloud.Machine.Type = value;
                break;
            case "machines":
                while (cloud.Machines.Count < int.Parse(value, CultureInfo.InvariantCulture))
                {
                    string id = string.Create(CultureInfo.InvariantCulture, $"i-{cloud.Machines.Count:x17}");
                    cloud.Machines.Add(new CloudMachine(cloud, id));
                }

                break;
            case "advance":
                cloud.Clock.Advance(TimeSpan.FromSeconds(double.Parse(value, CultureInfo.InvariantCulture)));
                break;
            default:
                var fault = typeof(CloudFaults).GetProperty(key) ?? throw new ArgumentException($"no fault {key}");
                fault.SetValue(cloud.Faults, Convert.ChangeType(value, fault.PropertyType, CultureInfo.InvariantCulture));
                break;
        }
    }

    private static FakeResponse Text(string text) => new(200, Encoding.UTF8.GetBytes(text)) { Headers = "Content-Type: text/plain\r\n" };
}
