using WaterMeters.Ops.Machines.Leases;

namespace WaterMeters.Ops.Tests.Machines.Leases;

public sealed class LeaseRulesTests
{
    private const long Now = 1_764_460_000;

    private static readonly LeaseRules Rules = new(LeaseTimes.Default);

    private static KeeperState Running(long uptime = 3600) => new("boot", uptime);

    private static Lease Wanted(string id = "run", long until = Now + 7200) => new() { Id = id, Owner = id, Deadline = until };

    private static LeaseDocument Open(params Lease[] leases) =>
        new() { Machine = new MachineRecord { Revision = 3, Boot = "boot" }, Leases = [.. leases] };

    private static Lease Live(string id) =>
        Wanted(id) with { Boot = "boot", IsConfirmed = true, Taken = Now };

    [Fact]
    public void A_new_lease_is_not_promised_before_the_machine_confirms_it()
    {
        var taken = Rules.Take(Open(), Wanted(), isOff: true, Now)!;
        Assert.False(LeaseRules.IsReady(taken, "run"));
        var seen = Rules.Keep(taken, Running(), Now);
        Assert.False(seen.PowersOff);
        Assert.True(LeaseRules.IsReady(seen.Document, "run"));
        Assert.Equal(taken.Machine.Revision + 1, seen.Document.Machine.Revision);
    }

    [Fact]
    public void Taking_it_again_renews_it_and_needs_a_new_confirmation()
    {
        var renewed = Rules.Take(Open(Live("run")), Wanted(until: Now + 9000), isOff: false, Now + 60)!;
        var lease = Assert.Single(renewed.Leases);
        Assert.Equal((Now, Now + 9000, false, ""), (lease.Taken, lease.Deadline, lease.IsConfirmed, lease.Boot));
    }

    [Fact]
    public void Taking_that_of_a_running_job_again_does_not_count_it_as_dead()
    {
        var job = Live("run") with { IsJob = true, Heartbeat = Now + 9000, Deadline = Now + 20000 };
        var taken = Rules.Take(Open(job), Wanted(until: Now + 20000) with { IsJob = true }, isOff: false, Now + 9030)!;
        Assert.Equal("run", Assert.Single(Rules.LiveOthers(taken, "other", Now + 9030)).Id);
    }

    [Fact]
    public void Releasing_stops_the_machine_only_without_another_live_lease()
    {
        Assert.True(Rules.Release(Open(Live("run")), "run", force: false, Now).Machine.IsStopping);
        var shared = Rules.Release(Open(Live("run"), Live("other")), "run", force: false, Now);
        Assert.False(shared.Machine.IsStopping);
        Assert.Equal("other", Assert.Single(shared.Leases).Id);
        var forced = Rules.Release(Open(Live("run"), Live("other")), "run", force: true, Now);
        Assert.True(forced.Machine.IsStopping);
        Assert.Empty(forced.Leases);
    }

    [Fact]
    public void Releasing_what_is_not_there_changes_nothing_while_another_is_live()
    {
        var document = Open(Live("other"));
        Assert.Same(document, Rules.Release(document, "run", force: false, Now));
    }

    [Fact]
    public void A_stopping_machine_is_taken_only_when_it_is_off_and_no_call_is_under_way()
    {
        var stopping = Open() with { Machine = new MachineRecord { IsStopping = true, Since = Now, By = "other" } };
        Assert.Null(Rules.Take(stopping, Wanted(), isOff: false, Now));
        Assert.False(Rules.Take(stopping, Wanted(), isOff: true, Now)!.Machine.IsStopping);
        var called = stopping with { Machine = stopping.Machine with { StopCall = Now } };
        Assert.Null(Rules.Take(called, Wanted(), isOff: true, Now + 479));
        Assert.Equal(0, Rules.Take(called, Wanted(), isOff: true, Now + 480)!.Machine.StopCall);
    }

    [Theory]
    [InlineData(7200 + 120, true)]
    [InlineData(7200 + 121, false)]
    public void A_lease_lives_as_long_as_clocks_may_differ(long after, bool isLive) =>
        Assert.Equal(isLive, Rules.IsLive(Live("run"), "boot", Now + after));

    [Theory]
    [InlineData(0, 3600, true)]
    [InlineData(0, 3601, false)]
    [InlineData(100, 400, true)]
    [InlineData(100, 401, false)]
    public void A_job_lives_as_long_as_its_heartbeat(long heartbeat, long after, bool isLive)
    {
        var job = Live("run") with { IsJob = true, Heartbeat = heartbeat == 0 ? 0 : Now + heartbeat };
        Assert.Equal(isLive, Rules.IsLive(job, "boot", Now + after));
    }

    [Fact]
    public void A_lease_of_an_earlier_boot_is_void()
    {
        var document = Open(Live("run") with { Boot = "before" });
        var decision = Rules.Keep(document with { Machine = document.Machine with { Boot = "before" } }, Running(60), Now);
        Assert.Empty(decision.Document.Leases);
        Assert.Equal("boot", decision.Document.Machine.Boot);
        Assert.False(decision.PowersOff); // the grace after a boot
    }

    [Fact]
    public void The_machine_powers_off_without_a_lease_after_the_grace_and_the_setup()
    {
        Assert.False(Rules.Keep(Open(), Running(599), Now).PowersOff);
        var off = Rules.Keep(Open(), Running(600), Now);
        Assert.True(off.PowersOff);
        Assert.Equal((true, MachineRecord.Itself), (off.Document.Machine.IsStopping, off.Document.Machine.By));
        Assert.False(Rules.Keep(Open(), Running() with { SetupAge = 2699 }, Now).PowersOff);
        Assert.True(Rules.Keep(Open(), Running() with { SetupAge = 2700 }, Now).PowersOff);
    }

    [Fact]
    public void A_stop_by_a_client_needs_no_grace()
    {
        var stopping = Rules.Release(Open(Live("run")), "run", force: false, Now);
        Assert.True(Rules.Keep(stopping, Running(10), Now).PowersOff);
    }

    [Fact]
    public void A_machine_that_was_started_by_hand_opens_again()
    {
        var old = Open() with { Machine = new MachineRecord { IsStopping = true, By = "run", Boot = "before" } };
        var decision = Rules.Keep(old, Running(30), Now);
        Assert.False(decision.Document.Machine.IsStopping);
        Assert.False(decision.PowersOff);
        var called = old with { Machine = old.Machine with { StopCall = Now - 10 } };
        Assert.Same(called, Rules.Keep(called, Running(30), Now).Document);
    }

    [Fact]
    public void Heartbeats_are_copied_once_a_minute()
    {
        var document = Open(Live("run") with { IsJob = true, Heartbeat = Now });
        var state = Running() with { Heartbeats = new Dictionary<string, long> { ["run"] = Now + 59 } };
        Assert.Same(document, Rules.Keep(document, state, Now + 59).Document);
        state = state with { Heartbeats = new Dictionary<string, long> { ["run"] = Now + 60 } };
        Assert.Equal(Now + 60, Assert.Single(Rules.Keep(document, state, Now + 60).Document.Leases).Heartbeat);
    }

    [Fact]
    public void A_heartbeat_of_an_earlier_job_with_the_same_id_does_not_count()
    {
        var document = Open(Live("run") with { IsJob = true, Taken = Now, Heartbeat = 0 });
        var state = Running() with { Heartbeats = new Dictionary<string, long> { ["run"] = Now - 121 } };
        Assert.Same(document, Rules.Keep(document, state, Now).Document);
        state = state with { Heartbeats = new Dictionary<string, long> { ["run"] = Now - 120 } };
        Assert.Equal(Now - 120, Assert.Single(Rules.Keep(document, state, Now).Document.Leases).Heartbeat);
    }

    [Fact]
    public void EC2_is_asked_only_if_the_machine_does_not_power_off_by_itself()
    {
        var stopping = Rules.Release(Open(Live("run")), "run", force: false, Now);
        Assert.Null(Rules.AnnounceCall(stopping, "run", Now + 89));
        Assert.Equal(Now + 90, Rules.AnnounceCall(stopping, "run", Now + 90)!.Machine.StopCall);
        Assert.Null(Rules.AnnounceCall(Open(), "run", Now + 90));
    }
}
