using System.Globalization;
using WaterMeters.Ops.Machines.Leases;

namespace WaterMeters.Tests.Cloud;

/// <summary>An instance whose states take time, with a keeper on it that follows the module's own rules.</summary>
public sealed class CloudMachine
{
    private const int StartSeconds = 15, AgentSeconds = 20, StopSeconds = 20, KeeperSeconds = 30;

    private readonly FakeCloud cloud;
    private string remembered = "";
    private string previous = "stopped";
    private DateTimeOffset changedAt, nextPass, until;
    private int boots;

    public CloudMachine(FakeCloud cloud, string id)
    {
        (this.cloud, Id) = (cloud, id);
        changedAt = DateTimeOffset.MinValue;
    }

    public string Id { get; }

    public string Name { get; set; } = "wms";

    /// <summary>Tags that were written, by their keys.</summary>
    public Dictionary<string, string> Tags { get; } = [];

    public string Type { get; set; } = "t3.large";

    public string State { get; private set; } = "stopped";

    public DateTimeOffset Launched { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>Identifier of the boot; empty while it is off.</summary>
    public string Boot { get; private set; } = "";

    /// <summary>When and why it went off: poweroff, StopInstances.</summary>
    public List<(DateTimeOffset Time, string Why)> Ends { get; } = [];

    /// <summary>Whether the machine is off and stays off, or is gone.</summary>
    public bool IsOff => State is "stopped" or "terminated";

    public bool IsOnline => State == "running" && !cloud.Faults.NoAgent
        && cloud.Clock.GetUtcNow() >= Launched.AddSeconds(StartSeconds + AgentSeconds);

    /// <summary>The state that EC2 shows: it may be a moment old.</summary>
    public string VisibleState => cloud.Clock.GetUtcNow() < changedAt.AddSeconds(cloud.Faults.StaleSeconds) ? previous : State;

    /// <summary>Puts the machine into a state, as a test wants it.</summary>
    public void Set(string state)
    {
        var now = cloud.Clock.GetUtcNow();
        Change(state);
        until = now.AddSeconds(state == "pending" ? StartSeconds : StopSeconds);
        if (state is "running" or "pending") Begin(state == "running" ? now.AddSeconds(-StartSeconds) : now);
    }

    /// <summary>Starts it; an error code, or nothing.</summary>
    internal string Start()
    {
        if (State is "pending" or "running") return "";
        if (State != "stopped") return "IncorrectInstanceState";
        if (cloud.Faults.NoCapacity > 0 && Type != cloud.Faults.FreeType)
        {
            cloud.Faults.NoCapacity--;
            return "InsufficientInstanceCapacity";
        }

        Set("pending");
        return "";
    }

    internal string Stop()
    {
        if (State is "stopping" or "stopped") return "";
        if (State != "running") return "IncorrectInstanceState";
        End("StopInstances");
        return "";
    }

    internal void Terminate()
    {
        if (State == "terminated") return;
        Ends.Add((cloud.Clock.GetUtcNow(), "TerminateInstances"));
        Change("shutting-down");
        until = cloud.Clock.GetUtcNow().AddSeconds(StopSeconds);
    }

    /// <summary>Does what is due.</summary>
    internal void Tick()
    {
        var now = cloud.Clock.GetUtcNow();
        if (State == "pending" && now >= until) Change("running");
        if (State == "stopping" && now >= until && !cloud.Faults.Hangs) Change("stopped");
        if (State == "shutting-down" && now >= until) Change("terminated");
        while (State == "running" && now >= nextPass)
        {
            Pass(nextPass);
            nextPass = nextPass.AddSeconds(KeeperSeconds);
        }
    }

    private void Begin(DateTimeOffset launched)
    {
        Launched = launched;
        Boot = string.Create(CultureInfo.InvariantCulture, $"boot-{++boots}");
        nextPass = launched.AddSeconds(StartSeconds + KeeperSeconds);
    }

    private void Pass(DateTimeOffset at)
    {
        if (cloud.Faults.NoKeeper) return;
        string stored = cloud.Faults.NoMachineNetwork ? remembered : cloud.Lease(Name);
        if (stored.Length == 0) stored = LeaseText.Format(LeaseDocument.Empty);
        var document = LeaseText.Parse(stored);
        long uptime = (long)(at - Launched).TotalSeconds;
        long now = cloud.Clock.GetUtcNow().ToUnixTimeSeconds();
        var state = new KeeperState(Boot, uptime)
        {
            Heartbeats = cloud.LiveJobs().ToDictionary(job => job, _ => now),
            Outside = cloud.Faults.KeepsSchedule ? Id : "",
        };
        var decision = new LeaseRules(LeaseTimes.Default).Keep(document, state, now);
        remembered = LeaseText.Format(decision.Document);
        if (!cloud.Faults.NoMachineNetwork && !ReferenceEquals(decision.Document, document)) cloud.Write(Name, remembered);
        if (decision.PowersOff) End("poweroff");
    }

    private void End(string why)
    {
        Ends.Add((cloud.Clock.GetUtcNow(), why));
        Boot = "";
        cloud.WentOff();
        Change("stopping");
        until = cloud.Clock.GetUtcNow().AddSeconds(StopSeconds);
    }

    private void Change(string state)
    {
        (previous, State, changedAt) = (State, state, cloud.Clock.GetUtcNow());
    }
}
