using System.Runtime.Versioning;

namespace WaterMeters.Ops.Tests.Infrastructure;

/// <summary>What the machine's watchdog makes of the lease object: what it writes, removes, opens and leaves.</summary>
[SupportedOSPlatform("linux")]
public sealed class KeeperObjectTests
{
    private const string Skip = MachineShell.Missing;

    [Fact(SkipUnless = nameof(MachineShell.IsHere), SkipType = typeof(MachineShell), Skip = Skip)]
    public void Voids_the_leases_of_an_earlier_boot_and_opens_what_was_stopping()
    {
        using var machine = new KeeperMachine();
        machine.Object = LeaseText.Empty.Take("old", machine.Now, machine.Now + 90_000);
        machine.Pass();
        machine.Object = machine.Object.Stop(machine.Now);
        machine.Advance(900);
        machine.Boot();
        string taken = LeaseText.Empty.Take("new", machine.Now, machine.Now + 900).Text.Split('\n')[2];
        machine.Object = new LeaseText($"{machine.Object.Text}{taken}\n");
        machine.Pass();
        Assert.Equal(["new"], machine.Object.Leases);
        Assert.Equal("open", machine.Object.Machine("state"));
        Assert.Equal(("-", "boot-2"), (machine.Object.Machine("by"), machine.Object.Machine("boot")));
        Assert.Equal(("boot-2", "1"), (machine.Object.Lease("new", "boot"), machine.Object.Lease("new", "confirmed")));
        Assert.False(machine.IsOff);
    }

    [Fact(SkipUnless = nameof(MachineShell.IsHere), SkipType = typeof(MachineShell), Skip = Skip)]
    public void Goes_off_without_a_grace_when_a_client_stops_it()
    {
        using var machine = new KeeperMachine();
        machine.Object = LeaseText.Empty.Take("run-1", machine.Now, machine.Now + 900);
        machine.Pass();
        machine.Advance(30);
        machine.Object = machine.Object.Without("run-1").Stop(machine.Now);
        string written = machine.Object.Text;
        machine.Pass();
        Assert.True(machine.IsOff);
        Assert.Equal(written, machine.Object.Text); // the client's word stands
    }

    [Fact(SkipUnless = nameof(MachineShell.IsHere), SkipType = typeof(MachineShell), Skip = Skip)]
    public void Stays_on_while_a_lease_is_live_that_a_client_counted_as_ended()
    {
        using var machine = new KeeperMachine();
        machine.Object = LeaseText.Empty.Take("run-1", machine.Now, machine.Now + 900);
        machine.Pass();
        machine.Object = machine.Object.Take("run-2", machine.Now, machine.Now + 60).Stop(machine.Now);
        string written = machine.Object.Text;
        machine.Pass();
        machine.Advance(900);
        machine.Pass();
        Assert.False(machine.IsOff);
        Assert.Equal(written, machine.Object.Text); // nothing is confirmed in a machine that stops
        machine.Advance(121);
        machine.Pass();
        Assert.True(machine.IsOff);
    }

    [Fact(SkipUnless = nameof(MachineShell.IsHere), SkipType = typeof(MachineShell), Skip = Skip)]
    public void Opens_what_an_earlier_boot_stopped_only_when_no_call_of_StopInstances_can_arrive()
    {
        using var machine = new KeeperMachine();
        machine.Pass();
        machine.Object = machine.Object!.Stop(machine.Now).AnnounceCall(machine.Now);
        machine.Boot();
        machine.Advance(479);
        string written = machine.Object.Text;
        Assert.Contains("may still arrive", machine.Pass().Output);
        Assert.Equal(written, machine.Object.Text);
        machine.Always = "down";
        machine.Pass();
        Assert.False(machine.IsOff);
        machine.Always = "ok";
        machine.Advance(1);
        machine.Pass();
        Assert.False(machine.IsOff);
        Assert.Equal(("open", "-", "boot-2"),
            (machine.Object.Machine("state"), machine.Object.Machine("stopcall"), machine.Object.Machine("boot")));
    }

    [Fact(SkipUnless = nameof(MachineShell.IsHere), SkipType = typeof(MachineShell), Skip = Skip)]
    public void Confirms_a_lease_that_is_renewed_again()
    {
        using var machine = new KeeperMachine();
        long taken = machine.Now;
        machine.Object = LeaseText.Empty.Take("run-1", taken, taken + 900);
        machine.Pass();
        machine.Advance(600);
        machine.Object = machine.Object.Take("run-1", machine.Now, taken + 1800);
        Assert.Equal("0", machine.Object.Lease("run-1", "confirmed"));
        machine.Pass();
        Assert.Equal(("1", "boot-1", $"{taken}"), (machine.Object.Lease("run-1", "confirmed"), machine.Object.Lease("run-1", "boot"),
            machine.Object.Lease("run-1", "taken")));
    }

    [Fact(SkipUnless = nameof(MachineShell.IsHere), SkipType = typeof(MachineShell), Skip = Skip)]
    public void Writes_only_when_something_changed_and_counts_its_writes()
    {
        using var machine = new KeeperMachine();
        machine.Object = LeaseText.Empty.Take("run-1", machine.Now, machine.Now + 9000);
        machine.Pass();
        string written = machine.Object.Text;
        machine.Advance(3600);
        machine.Pass();
        Assert.Equal(written, machine.Object.Text);
        machine.Object = null;
        machine.Pass();
        Assert.Equal("3", machine.Object!.Machine("rev"));
    }

    [Theory(SkipUnless = nameof(MachineShell.IsHere), SkipType = typeof(MachineShell), Skip = Skip)]
    [InlineData("WMS-LEASE 2\nmachine state=open since=0 by=- boot=- seen=0 instance=-\n")]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("WMS-LEASE 1\n")]
    [InlineData("WMS-LEASE 1\nmachine state=paused since=0 by=- boot=- seen=0 instance=-\n")]
    [InlineData("WMS-LEASE 1\nmachine state=open since=0 by=- boot=- seen=0 instance=-\nlease id=run-1 deadline=soon\n")]
    [InlineData("WMS-LEASE 1\nlease id=run-1 owner=a purpose=- taken=1 deadline=2 heartbeat=0 job=0 boot=- confirmed=0\n")]
    public void Leaves_an_object_that_it_cannot_read_and_decides_by_its_copy(string text)
    {
        using var machine = new KeeperMachine();
        machine.Object = LeaseText.Empty.Take("run-1", machine.Now, machine.Now + 3600);
        machine.Pass();
        machine.Object = new LeaseText(text);
        machine.Advance(3600);
        Assert.Contains("damaged or newer", machine.Pass().Output);
        Assert.False(machine.IsOff);
        machine.Advance(121);
        machine.Pass();
        Assert.True(machine.IsOff);
        Assert.Equal(text, machine.Object.Text);
    }

    [Fact(SkipUnless = nameof(MachineShell.IsHere), SkipType = typeof(MachineShell), Skip = Skip)]
    public void Keeps_keys_and_records_of_newer_programs_and_encoded_values()
    {
        using var machine = new KeeperMachine();
        const string More =
            "lease id=gh-1%25/2 owner=%C5%BB%3D%20@x purpose=- taken=1 deadline=9999999999 heartbeat=0 job=0 boot=- confirmed=0 zone=a%0Ab";
        string first = LeaseText.Empty.Text.Replace("instance=-", "instance=- color=red");
        machine.Object = new LeaseText($"{first}note  two  spaces=1\n{More}\n");
        machine.Pass();
        Assert.Equal(
            "WMS-LEASE 1\n"
            + $"machine rev=1 state=open since=0 by=- stopcall=- boot=boot-1 seen={machine.Now} instance=i-0abc color=red\n"
            + "note  two  spaces=1\n"
            + More.Replace("boot=- confirmed=0", "boot=boot-1 confirmed=1") + "\n",
            machine.Object.Text);
    }

    [Fact(SkipUnless = nameof(MachineShell.IsHere), SkipType = typeof(MachineShell), Skip = Skip)]
    public void Writes_what_it_confirmed_again_when_the_object_is_removed()
    {
        using var machine = new KeeperMachine();
        machine.Object = LeaseText.Empty.Take("run-1", machine.Now, machine.Now + 3600);
        machine.Pass();
        machine.Object = null;
        machine.Advance(900);
        machine.Pass();
        Assert.False(machine.IsOff);
        Assert.Equal(["run-1"], machine.Object!.Leases);
    }
}
