using WaterMeters.Ops.Aws;
using WaterMeters.Ops.Machines;
using WaterMeters.Tests.Cloud;

namespace WaterMeters.Ops.Tests.Machines;

/// <summary>A cloud on this machine, and the module's view of it.</summary>
internal sealed class CloudMachineSession : IDisposable
{
    public CloudMachineSession(Func<AwsSettings, AwsSettings>? change = null)
    {
        Session = new MachineSession(change?.Invoke(Settings(Cloud)) ?? Settings(Cloud), Cloud.Clock);
    }

    public FakeCloud Cloud { get; } = new();

    public MachineSession Session { get; }

    public List<string> Said { get; } = [];

    public static AwsSettings Settings(FakeCloud cloud) => new()
    {
        Region = FakeCloud.Region,
        Endpoint = cloud.Endpoint,
        BucketName = FakeCloud.Bucket,
        Keys = new AwsKeys("AKIAFAKE", "PLANTED-SECRET", "PLANTED-TOKEN"),
    };

    public static RunIdentity Run(string id) => new(id, $"{id}@PC");

    public WaterMeters.Infrastructure Start(
        string id = "ana", bool wait = true, CancellationToken? stop = null, StartOptions? options = null) =>
        new MachineStarter(Session, options ?? new StartOptions { Run = Run(id), Wait = wait }, Said.Add)
            .Start(stop ?? TestContext.Current.CancellationToken);

    public (WaterMeters.Infrastructure Machine, MachineStopper Stopper) Stop(string id = "ana", bool force = false)
    {
        var stopper = new MachineStopper(Session, new StopOptions { Run = Run(id), Force = force }, Said.Add);
        return (stopper.Stop(TestContext.Current.CancellationToken), stopper);
    }

    public WaterMeters.Infrastructure Get(string id = "ana") =>
        new MachineReader(Session).Read(null, Run(id), TestContext.Current.CancellationToken);

    public WaterMeters.Infrastructure Terminate() =>
        new MachineRemover(Session, Said.Add).Terminate(Get(), TestContext.Current.CancellationToken);

    public void Dispose()
    {
        Session.Dispose();
        Cloud.Dispose();
    }
}

public sealed class MachineTests
{
    [Fact]
    public void Starts_a_stopped_machine_and_waits_until_it_answers()
    {
        using var machine = new CloudMachineSession();
        var started = machine.Start();
        Assert.True(started.IsReady);
        Assert.Equal((InfrastructureState.Running, 1, "ana@PC"), (started.State, started.LeaseCount, started.LeaseOwner));
        Assert.Equal("203.0.113.7", started.PublicAddress);
        Assert.NotNull(started.HourlyCost);
        Assert.NotNull(started.ExpectedCost);

        // The lease is there before the instance is started.
        var calls = machine.Cloud.Calls;
        Assert.True(calls.FindIndex(call => call.StartsWith("S3 PutObject", StringComparison.Ordinal))
            < calls.IndexOf("EC2 StartInstances"));
    }

    [Fact]
    public void Without_waiting_it_returns_when_the_machine_is_on_its_way()
    {
        using var machine = new CloudMachineSession();
        var started = machine.Start(wait: false);
        Assert.Equal((InfrastructureState.Pending, false), (started.State, started.IsReady));
    }

    [Fact]
    public void Stops_the_machine_by_asking_it_to_power_off()
    {
        using var machine = new CloudMachineSession();
        machine.Start();
        var (stopped, _) = machine.Stop();
        Assert.Equal(InfrastructureState.Stopped, stopped.State);
        Assert.Equal("poweroff", Assert.Single(machine.Cloud.Machine.Ends).Why);
        Assert.DoesNotContain("EC2 StopInstances", machine.Cloud.Calls);
    }

    [Fact]
    public void The_release_is_the_first_call_after_the_reading()
    {
        using var machine = new CloudMachineSession();
        machine.Start();
        machine.Cloud.Calls.Clear();
        machine.Stop();
        Assert.StartsWith("S3 GetObject", machine.Cloud.Calls[0], StringComparison.Ordinal);
        Assert.StartsWith("S3 PutObject", machine.Cloud.Calls[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_machine_with_a_dead_keeper_is_stopped_through_EC2()
    {
        using var machine = new CloudMachineSession();
        machine.Start();
        machine.Cloud.Faults.NoKeeper = true;
        var (stopped, _) = machine.Stop();
        Assert.Equal(InfrastructureState.Stopped, stopped.State);
        Assert.Equal("StopInstances", Assert.Single(machine.Cloud.Machine.Ends).Why);
    }

    [Fact]
    public void Another_lease_keeps_the_machine_on_and_is_named()
    {
        using var machine = new CloudMachineSession();
        machine.Start("ana");
        machine.Start("bo");
        var (still, stopper) = machine.Stop("ana");
        Assert.Equal(InfrastructureState.Running, still.State);
        Assert.Contains("bo@PC", stopper.Others, StringComparison.Ordinal);
        var (stopped, second) = machine.Stop("ana", force: true);
        Assert.Equal(InfrastructureState.Stopped, stopped.State);
        Assert.Contains("bo@PC", second.Removed, StringComparison.Ordinal);
    }

    [Fact]
    public void After_a_call_to_EC2_a_start_waits_and_says_why()
    {
        using var machine = new CloudMachineSession();
        machine.Start();
        machine.Cloud.Faults.NoKeeper = true;
        machine.Stop();
        machine.Start(wait: false);
        Assert.Contains(machine.Said, said => said.Contains("a request on its way may still arrive", StringComparison.Ordinal));
    }

    [Fact]
    public void A_call_to_EC2_without_an_answer_is_not_repeated()
    {
        using var machine = new CloudMachineSession();
        machine.Start();
        machine.Cloud.Faults.NoKeeper = true;
        machine.Cloud.Intercept = call => call == "EC2 StopInstances" ? "lost" : null;
        Assert.Equal(InfrastructureFault.Unreachable, Assert.Throws<InfrastructureException>(() => machine.Stop()).Fault);
        Assert.Single(machine.Cloud.Calls, "EC2 StopInstances");
    }

    [Fact]
    public void EC2_is_asked_once_also_while_it_still_shows_the_machine_on()
    {
        using var machine = new CloudMachineSession();
        machine.Start();
        machine.Cloud.Faults.NoKeeper = true;
        machine.Cloud.Faults.StaleSeconds = 60;
        machine.Stop();
        Assert.Single(machine.Cloud.Calls, "EC2 StopInstances");
    }

    [Fact]
    public void A_call_whose_announcement_took_long_is_announced_again()
    {
        using var machine = new CloudMachineSession();
        machine.Start();
        machine.Cloud.Faults.NoKeeper = true;
        int writes = 0;
        machine.Cloud.Intercept = call =>
        {
            // The release, then the announcement: others count from the time in it.
            if (call == "S3 PutObject machine/wms/lease" && ++writes == 2) machine.Cloud.Clock.Advance(TimeSpan.FromSeconds(40));
            if (call == "EC2 StopInstances") Assert.Equal(3, writes);
            return null;
        };
        machine.Stop();
        Assert.Equal(3, writes);
        Assert.Single(machine.Cloud.Calls, "EC2 StopInstances");
    }

    [Fact]
    public void An_identifier_that_is_not_there_is_named_and_not_the_tag()
    {
        using var machine = new CloudMachineSession();
        var error = Assert.Throws<InfrastructureException>(() => new MachineReader(machine.Session).Read(
            "i-00000000000000bad", CloudMachineSession.Run("ana"), TestContext.Current.CancellationToken));
        Assert.Equal(InfrastructureFault.NotFound, error.Fault);
        Assert.Contains("no instance 'i-00000000000000bad'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stopping_machine_is_waited_for_then_started()
    {
        using var machine = new CloudMachineSession();
        machine.Start();
        machine.Cloud.Machine.Set("stopping");
        var started = machine.Start("bo");
        Assert.True(started.IsReady);
    }

    [Fact]
    public void No_capacity_is_an_error_of_its_own_and_releases_the_lease()
    {
        using var machine = new CloudMachineSession();
        machine.Cloud.Faults.NoCapacity = 1000;
        var error = Assert.Throws<InfrastructureException>(() => machine.Start());
        Assert.Equal(InfrastructureFault.NoCapacity, error.Fault);
        Assert.Contains("-RetryFor", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, machine.Get().LeaseCount);
    }

    [Fact]
    public void No_capacity_is_tried_again_and_with_other_types()
    {
        using var machine = new CloudMachineSession();
        machine.Cloud.Faults.NoCapacity = 5;
        var options = new StartOptions { Run = CloudMachineSession.Run("ana"), Wait = true, RetryFor = TimeSpan.FromHours(1) };
        Assert.Equal("t3.large", machine.Start(options: options).InstanceType);

        using var other = new CloudMachineSession();
        (other.Cloud.Faults.NoCapacity, other.Cloud.Faults.FreeType) = (1000, "m5.large");
        options = options with { RetryFor = TimeSpan.Zero, AlternativeTypes = ["m5.large"] };
        Assert.Equal("m5.large", other.Start(options: options).InstanceType);
    }

    [Fact]
    public void Ctrl_C_while_waiting_releases_the_lease_and_says_so()
    {
        using var machine = new CloudMachineSession();
        using var stop = new CancellationTokenSource();
        machine.Cloud.Intercept = call =>
        {
            if (call == "SSM DescribeInstanceInformation") stop.Cancel();
            return null;
        };
        Assert.ThrowsAny<OperationCanceledException>(() => machine.Start(stop: stop.Token));
        Assert.Contains("is released", machine.Said[^1], StringComparison.Ordinal);
        Assert.Equal(0, machine.Get().LeaseCount);
    }

    [Fact]
    public void A_start_that_fails_leaves_the_lease_of_a_running_job_and_its_deadline()
    {
        using var machine = new CloudMachineSession();
        var options = new StartOptions { Run = CloudMachineSession.Run("ana"), Wait = true, IsJob = true, For = TimeSpan.FromHours(9) };
        machine.Cloud.LiveJobs = () => ["ana"];
        machine.Start(options: options);
        var deadline = machine.Get().OwnDeadline;
        machine.Cloud.Clock.Advance(TimeSpan.FromHours(2));
        machine.Cloud.Faults.NoAgent = true;
        Assert.Throws<InfrastructureException>(() => machine.Start(options: options with { For = TimeSpan.FromHours(1) }));
        Assert.Equal((1, deadline), (machine.Get().LeaseCount, machine.Get().OwnDeadline));

        // A job that was never there keeps nothing.
        Assert.Throws<InfrastructureException>(() => machine.Start(options: options with { Run = CloudMachineSession.Run("bo") }));
        Assert.Equal("ana@PC", machine.Get().LeaseOwner);
    }

    [Fact]
    public void A_machine_that_nobody_stops_powers_off_after_its_deadline()
    {
        using var machine = new CloudMachineSession();
        machine.Start();
        var deadline = machine.Get().LeaseDeadline!.Value;
        while (!machine.Cloud.Machine.IsOff) machine.Cloud.Clock.Advance(TimeSpan.FromSeconds(10));
        var late = machine.Cloud.Machine.Ends[0].Time.UtcDateTime - deadline;
        Assert.InRange(late, TimeSpan.Zero, TimeSpan.FromMinutes(5));
    }

    [Fact]
    public void Several_machines_of_one_name_are_an_error_that_names_them()
    {
        using var machine = new CloudMachineSession();
        machine.Cloud.Machines.Add(new CloudMachine(machine.Cloud, "i-0000000000000000f"));
        var error = Assert.Throws<InfrastructureException>(() => machine.Get());
        Assert.Equal(InfrastructureFault.Ambiguous, error.Fault);
        Assert.Contains("i-0000000000000000f", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tag_and_a_state_that_are_not_everywhere_yet_are_waited_for()
    {
        using var machine = new CloudMachineSession();
        (machine.Cloud.Faults.TagSeconds, machine.Cloud.Faults.StaleSeconds) = (2, 1);
        Assert.True(machine.Start().IsReady);
        Assert.Equal(InfrastructureState.Stopped, machine.Stop().Machine.State);
    }

    [Fact]
    public void Throttled_requests_are_repeated()
    {
        using var machine = new CloudMachineSession();
        machine.Cloud.Faults.Throttled = 3;
        Assert.True(machine.Start().IsReady);
    }

    [Fact]
    public void Two_clients_that_write_at_once_both_get_their_lease()
    {
        using var machine = new CloudMachineSession();
        machine.Start("bo");
        bool hasWritten = false;
        machine.Cloud.Intercept = call =>
        {
            // Between the reading and the writing of one, another one writes.
            if (call.StartsWith("S3 PutObject", StringComparison.Ordinal) && !hasWritten)
            {
                hasWritten = true;
                var document = WaterMeters.Ops.Machines.Leases.LeaseText.Parse(machine.Cloud.Lease("wms"));
                machine.Cloud.Write("wms", WaterMeters.Ops.Machines.Leases.LeaseText.Format(document.Next()));
            }

            return null;
        };
        Assert.True(machine.Start("ana").IsReady);
        Assert.Equal(2, machine.Get().LeaseCount);
    }
}
