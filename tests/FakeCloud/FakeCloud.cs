using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using WaterMeters.Ops.Tests.Http;

namespace WaterMeters.Tests.Cloud;

/// <summary>
/// As much of EC2, S3, STS, SSM, EventBridge Scheduler and the Price List as the module uses, on this machine: with states that take time,
/// conditional writes, and the faults of real clouds. One lock: a request is answered as a whole.
/// </summary>
public sealed partial class FakeCloud : IDisposable
{
    public const string Bucket = "wms-bucket", Region = "eu-central-1";

    /// <summary>The access key of the client in tests of cmdlets.</summary>
    public const string ClientKey = "AKIAPLANTED";

    /// <summary>Names of the bucket: the second is the one of the help's examples.</summary>
    public static IReadOnlyList<string> Buckets { get; } = [Bucket, "meters-lease"];

    private readonly Lock working = new();
    private readonly FakeServer server;
    private readonly CloudEc2 ec2;
    private readonly CloudS3 s3;
    private readonly CloudSsm ssm;
    private readonly CloudScheduler scheduler;
    private readonly double secondsPerRequest;
    private readonly DateTimeOffset began;

    /// <summary>Starts the cloud.</summary>
    /// <param name="clock">Its clock; null: one that stands still.</param>
    /// <param name="secondsPerRequest">By how much each request moves the clock.</param>
    public FakeCloud(CloudClock? clock = null, double secondsPerRequest = 0)
    {
        Clock = clock ?? new CloudClock();
        began = Clock.GetUtcNow();
        this.secondsPerRequest = secondsPerRequest;
        (ec2, s3, ssm, scheduler) = (new CloudEc2(this), new CloudS3(this), new CloudSsm(this), new CloudScheduler(this));
        Machines.Add(new CloudMachine(this, "i-0123456789abcdef0"));
        Clock.Jumped += Tick;
        server = new FakeServer(Answer);
    }

    public CloudClock Clock { get; }

    public CloudFaults Faults { get; } = new();

    /// <summary>Whether the tags of an instance can be seen yet.</summary>
    public bool HasTags => Clock.GetUtcNow() >= began.AddSeconds(Faults.TagSeconds);

    /// <summary>Whether the machine has an address that stays with it while it is off.</summary>
    public bool KeepsAddress { get; set; } = true;

    /// <summary>All instances; there is one at first.</summary>
    public List<CloudMachine> Machines { get; } = [];

    /// <summary>The first instance.</summary>
    public CloudMachine Machine => Machines[0];

    public Uri Endpoint => server.Address;

    /// <summary>The objects of the bucket.</summary>
    public SortedDictionary<string, byte[]> Objects { get; } = new(StringComparer.Ordinal);

    /// <summary>The requests so far, such as <c>EC2 StartInstances</c> or <c>S3 PUT machine/wms/lease</c>.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>Identifiers of the sessions that were started and not ended.</summary>
    public HashSet<string> Sessions { get; } = [];

    /// <summary>Called before a request is answered, with its name; a code is the error that it gets.</summary>
    public Func<string, string?> Intercept { get; set; } = _ => null;

    /// <summary>What a command that is sent to the machine does: its script, and what it prints.</summary>
    public Func<string, string> Run { get; set; } = _ => "";

    /// <summary>The jobs that run on the machine.</summary>
    public Func<IReadOnlyList<string>> LiveJobs { get; set; } = () => [];

    /// <summary>The schedules of EventBridge: group and name, then what was sent.</summary>
    public IReadOnlyDictionary<string, JsonNode> Schedules => scheduler.Schedules;

    /// <summary>Returns when a schedule calls.</summary>
    public static DateTimeOffset TimeOf(JsonNode schedule) => CloudScheduler.Time(schedule);

    /// <summary>Called when a machine goes off.</summary>
    public Action WentOff { get; set; } = () => { };

    /// <summary>The lease object of a machine; empty when there is none.</summary>
    public string Lease(string machine) =>
        Objects.TryGetValue($"machine/{machine}/lease", out byte[]? content) ? Encoding.UTF8.GetString(content) : "";

    /// <summary>Writes the lease object of a machine.</summary>
    public void Write(string machine, string text) => Objects[$"machine/{machine}/lease"] = Encoding.UTF8.GetBytes(text);

    /// <inheritdoc/>
    public void Dispose()
    {
        Clock.Jumped -= Tick;
        server.Dispose();
    }

    internal void Tick()
    {
        lock (working)
        {
            foreach (var machine in Machines) machine.Tick();
            scheduler.Tick();
        }
    }

    internal static FakeResponse Xml(string text, int status = 200) =>
        new(status, Encoding.UTF8.GetBytes(text)) { Headers = "Content-Type: text/xml\r\n" };

    private FakeResponse Answer(FakeRequest request)
    {
        if (secondsPerRequest > 0 && !request.Path.StartsWith("/_fake", StringComparison.Ordinal))
        {
            Clock.Advance(TimeSpan.FromSeconds(secondsPerRequest));
        }

        lock (working)
        {
            Tick();
            var response = request.Path.StartsWith("/_fake", StringComparison.Ordinal) ? new CloudControl(this).Answer(request)
                : Dispatch(request);
            string date = Clock.GetUtcNow().UtcDateTime.ToString("R", CultureInfo.InvariantCulture);
            return response with { Headers = $"{response.Headers}Date: {date}\r\n" };
        }
    }

    private FakeResponse Dispatch(FakeRequest request)
    {
        var match = ServiceOf().Match(request.Header("Authorization"));
        string service = match.Success ? match.Groups[2].Value : "s3";
        string region = match.Success ? match.Groups[1].Value : Region;
        var (name, answer) = service switch
        {
            "ec2" or "sts" => (ec2.Name(request), (Func<FakeResponse>)(() => ec2.Answer(request))),
            "ssm" => (ssm.Name(request), () => ssm.Answer(request)),
            "pricing" => (ssm.Name(request), () => CloudPricing.Answer(request)),
            "scheduler" => (CloudScheduler.Name(request), () => scheduler.Answer(request)),
            _ => (s3.Name(request), () => s3.Answer(request)),
        };
        Calls.Add($"{service.ToUpperInvariant()} {name}");
        if (Faults.Lost > 0)
        {
            if (Faults.Lost-- % 2 == 0) answer();
            return FakeResponse.Lost;
        }

        if (Faults.ExpiresAt.Length > 0 && name.StartsWith(Faults.ExpiresAt, StringComparison.Ordinal)) Faults.ExpiredKey = ClientKey;
        if (Faults.ExpiredKey.Length > 0
            && request.Header("Authorization").Contains($"Credential={Faults.ExpiredKey}/", StringComparison.Ordinal))
        {
            return Error(service, "ExpiredToken", 400);
        }

        if (Faults.Cuts > 0 && OfJob().IsMatch(name))
        {
            // Most are over after some repetitions of a request; every fifth outlasts them.
            Faults.Lost = Faults.Cuts % 5 == 0 ? 8 : 3;
            Faults.Cuts--;
            return FakeResponse.Lost;
        }

        if (Faults.Throttled > 0)
        {
            Faults.Throttled--;
            return Error(service, "RequestLimitExceeded", 503);
        }

        if (region != Region) return Error(service, service == "s3" ? "AuthorizationHeaderMalformed" : "OptInRequired", 400);
        string action = name.Split(' ')[0];
        if (Faults.Every.Length > 0) return Error(service, Faults.Every, 403);
        if (Faults.Denied.Length > 0 && (action == Faults.Denied || name == Faults.Denied))
        {
            return Error(service, service == "ec2" ? "UnauthorizedOperation" : "AccessDenied", 403,
                $"User: arn:aws:iam::123456789012:user/ana is not authorized to perform: {service}:{action} on resource");
        }

        return Intercept($"{service.ToUpperInvariant()} {name}") is { } code ? Error(service, code, code == "lost" ? 0 : 400) : answer();
    }

    internal static FakeResponse Error(string service, string code, int status, string? message = null) => service switch
    {
        _ when status == 0 => FakeResponse.Lost,
        "ec2" => Xml($"<Response><Errors><Error><Code>{code}</Code><Message>{message ?? code}</Message></Error></Errors>"
            + "<RequestID>fake</RequestID></Response>", status),
        "sts" => Xml($"<ErrorResponse><Error><Code>{code}</Code><Message>{message ?? code}</Message></Error></ErrorResponse>", status),
        "ssm" or "pricing" => FakeResponse.Json($"{{\"__type\":\"{code}\",\"message\":\"{message ?? code}\"}}", status),
        "scheduler" => FakeResponse.Json($"{{\"Message\":\"{message ?? code}\"}}", status) with
        {
            Headers = $"Content-Type: application/json\r\nx-amzn-ErrorType: {code}:http://internal.amazon.com/coral/\r\n",
        },
        _ => Xml($"<Error><Code>{code}</Code><Message>{message ?? code}</Message></Error>", status),
    };

    /// <summary>What only a job asks for, from the first part of its progress on.</summary>
    [GeneratedRegex("^(PutObject jobs/[^/]+/(progress/|step|output/|log|result)|GetObject jobs/[^/]+/stop)", RegexOptions.CultureInvariant)]
    private static partial Regex OfJob();

    [GeneratedRegex("Credential=[^/]+/[0-9]+/([^/]+)/([^/]+)/aws4_request", RegexOptions.CultureInvariant)]
    private static partial Regex ServiceOf();
}
