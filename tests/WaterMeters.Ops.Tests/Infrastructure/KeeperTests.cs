using System.Runtime.Versioning;

namespace WaterMeters.Ops.Tests.Infrastructure;

/// <summary>What the machine's watchdog does in one pass: infra/machine/wms-keeper, run by a real shell under a fake clock.</summary>
[SupportedOSPlatform("linux")]
public sealed class KeeperTests
{
    private const string Skip = MachineShell.Missing;

    [Theory(SkipUnless = nameof(MachineShell.IsHere), SkipType = typeof(MachineShell), Skip = Skip)]
    [MemberData(nameof(MachineShell.All), MemberType = typeof(MachineShell))]
    public void Confirms_a_lease_keeps_the_machine_on_and_powers_off_two_minutes_after_the_deadline(string shell)
    {
        using var machine = new KeeperMachine(shell);
        long deadline = machine.Now + 3600;
        machine.Object = LeaseText.Empty.Take("run-1", machine.Now, deadline);
        Assert.Equal(("wms-keeper: on: 1 live lease(s)\n", true), machine.Pass());
        Assert.Equal(
            "WMS-LEASE 1\n"
            + $"machine rev=2 state=open since=0 by=- stopcall=- boot=boot-1 seen={machine.Now} instance=i-0abc\n"
            + $"lease id=run-1 owner=ana%20@PC-7 purpose=training taken={machine.Now} deadline={deadline} heartbeat=0 job=0 boot=boot-1 "
            + "confirmed=1\n",
            machine.Object.Text);

        machine.Advance(3600 + 120);
        Assert.Equal(("", true), machine.Pass()); // said before
        Assert.False(machine.IsOff);
        machine.Advance(1);
        var (output, ended) = machine.Pass();
        Assert.True(ended);
        Assert.Contains("off: no lease is live", output);
        Assert.True(machine.IsOff);
        Assert.Equal(("stopping", "machine"), (machine.Object.Machine("state"), machine.Object.Machine("by")));
        Assert.Equal($"{machine.Now}", machine.Object.Machine("since"));
    }

    [Fact(SkipUnless = nameof(MachineShell.IsHere), SkipType = typeof(MachineShell), Skip = Skip)]
    public void Waits_ten_minutes_after_a_boot_for_a_lease()
    {
        using var machine = new KeeperMachine();
        machine.Pass();
        Assert.Equal("boot-1", machine.Object!.Machine("boot")); // the bucket was empty
        machine.Advance(579);
        machine.Pass();
        Assert.False(machine.IsOff);
        machine.Advance(1);
        machine.Pass();
        Assert.True(machine.IsOff);
        Assert.Equal("stopping", machine.Object.Machine("state"));
    }

    [Fact(SkipUnless = nameof(MachineShell.IsHere), SkipType = typeof(MachineShell), Skip = Skip)]
    public void Counts_the_setup_as_work_for_45_minutes()
    {
        using var machine = new KeeperMachine();
        machine.Touch("run", "setup");
        machine.Advance(2699);
        machine.Pass();
        Assert.False(machine.IsOff);
        machine.Advance(1);
        machine.Pass();
        Assert.True(machine.IsOff);
    }

    [Fact(SkipUnless = nameof(MachineShell.IsHere), SkipType = typeof(MachineShell), Skip = Skip)]
    public void Ends_the_lease_of_a_job_five_minutes_after_its_last_heartbeat()
    {
        using var machine = new KeeperMachine();
        machine.Object = LeaseText.Empty.Take("job-1", machine.Now, machine.Now + 90_000, job: true);
        machine.Pass();
        machine.Advance(590);
        machine.Beat("job-1");
        machine.Pass();
        Assert.Equal($"{machine.Now}", machine.Object.Lease("job-1", "heartbeat"));
        long beat = machine.Now;

        // Copied once a minute, but the file counts.
        machine.Advance(59);
        machine.Beat("job-1");
        machine.Pass();
        Assert.Equal($"{beat}", machine.Object.Lease("job-1", "heartbeat"));
        machine.Advance(300);
        machine.Pass();
        Assert.False(machine.IsOff);
        machine.Advance(1);
        machine.Pass();
        Assert.True(machine.IsOff);
    }

    [Theory(SkipUnless = nameof(MachineShell.IsHere), SkipType = typeof(MachineShell), Skip = Skip)]
    [InlineData(0, 3600)] // of its lease
    [InlineData(3300, 3900)] // after a setup that ended late: ten minutes more
    public void Gives_a_job_an_hour_for_its_first_heartbeat_or_ten_minutes_after_the_setup(int setup, int last)
    {
        using var machine = new KeeperMachine();
        long taken = machine.Now;
        machine.Object = LeaseText.Empty.Take("job-1", taken, taken + 90_000, job: true);
        machine.Pass();
        machine.Advance(setup);
        machine.Touch("run", "setup-done");
        machine.Advance(last - setup);
        machine.Pass();
        Assert.False(machine.IsOff);
        machine.Advance(1);
        machine.Pass();
        Assert.True(machine.IsOff);
    }

    [Fact(SkipUnless = nameof(MachineShell.IsHere), SkipType = typeof(MachineShell), Skip = Skip)]
    public void Decides_by_what_it_read_when_S3_does_not_answer()
    {
        using var machine = new KeeperMachine();
        machine.Object = LeaseText.Empty.Take("run-1", machine.Now, machine.Now + 3600);
        machine.Pass();
        machine.Always = "down";
        machine.Object = machine.Object.Take("run-2", machine.Now, machine.Now + 90_000); // no one was told that this one is live
        machine.Advance(3600);
        Assert.Contains("S3 does not answer", machine.Pass().Output);
        Assert.False(machine.IsOff);
        machine.Advance(121);
        machine.Pass();
        Assert.True(machine.IsOff);
    }

    [Fact(SkipUnless = nameof(MachineShell.IsHere), SkipType = typeof(MachineShell), Skip = Skip)]
    public void Goes_off_after_the_grace_when_S3_never_answers()
    {
        using var machine = new KeeperMachine { Always = "denied" };
        machine.Object = LeaseText.Empty.Take("run-1", machine.Now, machine.Now + 3600);
        machine.Pass();
        machine.Advance(570);
        machine.Pass();
        Assert.False(machine.IsOff);
        machine.Advance(30);
        machine.Pass();
        Assert.True(machine.IsOff);
        Assert.DoesNotContain(machine.Calls, call => call.StartsWith("put-object", StringComparison.Ordinal));
    }

    [Theory(SkipUnless = nameof(MachineShell.IsHere), SkipType = typeof(MachineShell), Skip = Skip)]
    [InlineData("lost")]
    [InlineData("slow")]
    public void Counts_what_a_write_without_an_answer_may_have_confirmed(string write)
    {
        using var machine = new KeeperMachine();
        machine.Pass();
        machine.Advance(590);
        machine.Object = machine.Object!.Take("run-1", machine.Now, machine.Now + 3600);
        machine.Plan("ok", write);
        machine.Always = "down";
        machine.Pass();
        if (write == "slow") Assert.True(machine.Arrive());
        Assert.Equal("1", machine.Object.Lease("run-1", "confirmed")); // from here on the client counts on it
        machine.Advance(3600);
        machine.Pass();
        Assert.False(machine.IsOff);

        // It is an answer that ends the doubt: the client has released it.
        machine.Object = machine.Object.Without("run-1");
        machine.Always = "ok";
        machine.Pass();
        Assert.True(machine.IsOff);
    }

    [Fact(SkipUnless = nameof(MachineShell.IsHere), SkipType = typeof(MachineShell), Skip = Skip)]
    public void Waits_for_the_first_heartbeat_of_a_job_whose_id_an_earlier_one_had()
    {
        using var machine = new KeeperMachine();
        machine.Beat("run-1");
        machine.Advance(900);
        machine.Object = LeaseText.Empty.Take("run-1", machine.Now, machine.Now + 7200, job: true);
        machine.Pass();
        Assert.False(machine.IsOff);
        Assert.Equal(("1", "0"), (machine.Object.Lease("run-1", "confirmed"), machine.Object.Lease("run-1", "heartbeat")));
        machine.Beat("run-1");
        machine.Pass();
        Assert.Equal($"{machine.Now}", machine.Object.Lease("run-1", "heartbeat"));
    }

    [Fact(SkipUnless = nameof(MachineShell.IsHere), SkipType = typeof(MachineShell), Skip = Skip)]
    public void Stays_on_for_a_lease_that_is_taken_in_the_moment_of_stopping()
    {
        using var machine = new KeeperMachine();
        machine.Advance(560);
        machine.Pass();
        machine.Advance(30);
        var taken = machine.Object!.Take("run-1", machine.Now, machine.Now + 900);
        machine.Plan("ok", $"client {machine.Prepare(taken)}"); // the second call is the write of "stopping"
        machine.Pass();
        Assert.False(machine.IsOff);
        Assert.Equal(("open", "1"), (machine.Object.Machine("state"), machine.Object.Lease("run-1", "confirmed")));
    }

    [Fact(SkipUnless = nameof(MachineShell.IsHere), SkipType = typeof(MachineShell), Skip = Skip)]
    public void Repeats_a_write_that_met_another_one()
    {
        using var machine = new KeeperMachine();
        machine.Object = LeaseText.Empty.Take("run-1", machine.Now, machine.Now + 3600);
        machine.Plan("ok", "busy", "ok", "busy", "ok", "ok");
        Assert.True(machine.Pass().Ended);
        Assert.Equal("1", machine.Object.Lease("run-1", "confirmed"));
    }

    [Fact(SkipUnless = nameof(MachineShell.IsHere), SkipType = typeof(MachineShell), Skip = Skip)]
    public void Saves_before_it_goes_off_for_five_minutes_at_most()
    {
        using var machine = new KeeperMachine();
        machine.SaveWith("10-first", "echo first >> \"$WMS_FAKE/saved\"; exit 3\n");
        machine.SaveWith("20-slow", Takes(299) + "echo slow >> \"$WMS_FAKE/saved\"\n");
        machine.SaveWith("30-next", "echo next >> \"$WMS_FAKE/saved\"\n");
        machine.SaveWith("40-last", Takes(1) + "echo last >> \"$WMS_FAKE/saved\"\n");
        machine.SaveWith("50-never", "echo never >> \"$WMS_FAKE/saved\"\n");
        machine.Advance(600);
        var (output, _) = machine.Pass();
        Assert.Equal(["first", "slow", "next", "last"], File.ReadAllLines(machine["fake", "saved"]));
        Assert.Contains("no time left for", output);
        Assert.Contains($"300 {machine["etc", "save.d", "10-first"]}", machine.Limited);
        Assert.Contains($"1 {machine["etc", "save.d", "30-next"]}", machine.Limited);
        Assert.True(machine.IsOff);
    }

    [Fact(SkipUnless = nameof(MachineShell.IsHere), SkipType = typeof(MachineShell), Skip = Skip)]
    public void Says_that_it_works_to_the_watch_over_it()
    {
        using var machine = new KeeperMachine { Always = "down" };
        machine.Pass();
        Assert.True(File.Exists(machine["run", "keeper", "pass"]));
        Assert.Empty(Directory.GetFiles(machine["run", "keeper"], "work*"));
        string unit = File.ReadAllText(Path.Combine(SharedFolder.RepositoryRoot(), "infra", "machine", "wms-limit.service"));
        Assert.Contains("/run/wms/keeper/pass -mmin -30", unit);
    }

    /// <summary>A part of a script that takes seconds of the fake clock.</summary>
    private static string Takes(int seconds) =>
        $"read -r up _ < \"$WMS_PROC/uptime\"; echo $((${{up%%.*}} + {seconds})).0 0 > \"$WMS_PROC/uptime\"\n";
}
