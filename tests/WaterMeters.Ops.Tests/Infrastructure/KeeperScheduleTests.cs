using System.Runtime.Versioning;
using System.Text.Json.Nodes;

namespace WaterMeters.Ops.Tests.Infrastructure;

/// <summary>The schedule outside the machine, which the keeper writes: it comes after every lease that somebody was told is live.</summary>
[SupportedOSPlatform("linux")]
public sealed class KeeperScheduleTests
{
    private const string Skip = MachineShell.Missing;
    private const long Outside = 1800, NoLease = 3600;

    [Theory(SkipUnless = nameof(MachineShell.IsHere), SkipType = typeof(MachineShell), Skip = Skip)]
    [MemberData(nameof(MachineShell.All), MemberType = typeof(MachineShell))]
    public void Stops_the_machine_half_an_hour_after_the_last_deadline(string shell)
    {
        using var machine = new KeeperMachine(shell, hasSchedule: true);
        machine.Object = LeaseText.Empty.Take("run-1", machine.Now, machine.Now + 7200).Take("run-2", machine.Now, machine.Now + 9000);
        Assert.Equal(("wms-keeper: on: 2 live lease(s)\n", true), machine.Pass());
        Assert.Equal(KeeperMachine.Epoch + 9000 + Outside, machine.ScheduledStop);

        var target = JsonNode.Parse(machine.ScheduleTarget!)!;
        Assert.Equal("arn:aws-cn:scheduler:::aws-sdk:ec2:stopInstances", (string?)target["Arn"]);
        Assert.Equal(KeeperMachine.SchedulerRole, (string?)target["RoleArn"]);
        Assert.Equal("""{"InstanceIds":["i-0abc"]}""", (string?)target["Input"]);
        Assert.Equal(0, (int?)target["RetryPolicy"]!["MaximumRetryAttempts"]); // a stop that comes late could hit the next lease
        Assert.Equal(["get-object ok", "update-schedule ok", "create-schedule ok", "put-object ok"], machine.Calls);
    }

    [Fact(SkipUnless = nameof(MachineShell.IsHere), SkipType = typeof(MachineShell), Skip = Skip)]
    public void Is_moved_with_the_leases_and_written_again_every_ten_minutes()
    {
        using var machine = new KeeperMachine(hasSchedule: true);
        machine.Object = LeaseText.Empty.Take("run-1", machine.Now, machine.Now + 7200);
        machine.Pass();
        machine.Object = machine.Object.Take("run-1", machine.Now, machine.Now + 20_000);
        machine.Pass();
        Assert.Equal(KeeperMachine.Epoch + 20_000 + Outside, machine.ScheduledStop);

        machine.Object = machine.Object.Without("run-1").Take("run-2", machine.Now, machine.Now + 5000);
        machine.Advance(30);
        machine.Pass();
        Assert.Equal(KeeperMachine.Epoch + 5000 + Outside, machine.ScheduledStop);

        int calls = Writes(machine);
        machine.Advance(599);
        machine.Pass();
        Assert.Equal(calls, Writes(machine));
        machine.Advance(1);
        machine.Pass();
        Assert.Equal(calls + 1, Writes(machine));
    }

    [Fact(SkipUnless = nameof(MachineShell.IsHere), SkipType = typeof(MachineShell), Skip = Skip)]
    public void Covers_the_setup_and_the_time_after_a_boot_without_a_lease()
    {
        using var machine = new KeeperMachine(hasSchedule: true);
        machine.Touch("run", "setup");
        machine.Pass();
        Assert.Equal(KeeperMachine.Epoch + NoLease + Outside, machine.ScheduledStop);
    }

    [Theory(SkipUnless = nameof(MachineShell.IsHere), SkipType = typeof(MachineShell), Skip = Skip)]
    [InlineData("down")]
    [InlineData("denied")]
    [InlineData("slow")]
    public void A_lease_for_which_it_cannot_be_moved_is_not_confirmed(string answer)
    {
        using var machine = new KeeperMachine(hasSchedule: true);
        machine.Object = LeaseText.Empty.Take("run-1", machine.Now, machine.Now + 7200);
        machine.Pass();
        machine.Object = machine.Object.Take("run-2", machine.Now, machine.Now + 20_000);
        machine.Plan("ok", answer);
        string output = machine.Pass().Output;
        Assert.Contains("cannot be moved, so new leases are not confirmed", output);
        Assert.Contains("the schedule that stops the machine from outside cannot be written", output);
        Assert.Equal("0", machine.Object!.Lease("run-2", "confirmed"));
        Assert.False(machine.IsOff);

        machine.Pass();
        Assert.Equal("1", machine.Object.Lease("run-2", "confirmed"));
        Assert.Equal(KeeperMachine.Epoch + 20_000 + Outside, machine.ScheduledStop);
    }

    [Fact(SkipUnless = nameof(MachineShell.IsHere), SkipType = typeof(MachineShell), Skip = Skip)]
    public void Heartbeats_are_copied_while_a_longer_lease_waits_for_it()
    {
        using var machine = new KeeperMachine(hasSchedule: true);
        machine.Object = LeaseText.Empty.Take("run-1", machine.Now, machine.Now + 7200, job: true);
        machine.Pass();
        machine.Object = machine.Object.Take("run-2", machine.Now, machine.Now + 20_000);
        machine.Advance(400); // a client takes a job for dead after 300
        machine.Beat("run-1");
        long beat = machine.Now;
        machine.Plan("ok", "denied");
        string output = machine.Pass().Output;
        Assert.Contains("cannot be moved, so new leases are not confirmed", output);
        Assert.Equal($"{beat}", machine.Object!.Lease("run-1", "heartbeat"));
        Assert.Equal("0", machine.Object.Lease("run-2", "confirmed"));
        Assert.Equal("-", machine.Object.Lease("run-2", "boot"));
        Assert.Equal("1", machine.Object.Lease("run-1", "confirmed"));
        Assert.Equal(KeeperMachine.Epoch + 7200 + Outside, machine.ScheduledStop);

        machine.Pass();
        Assert.Equal("1", machine.Object!.Lease("run-2", "confirmed"));
        Assert.Equal(KeeperMachine.Epoch + 20_000 + Outside, machine.ScheduledStop);
    }

    [Fact(SkipUnless = nameof(MachineShell.IsHere), SkipType = typeof(MachineShell), Skip = Skip)]
    public void An_earlier_time_whose_answer_was_lost_counts_as_written()
    {
        using var machine = new KeeperMachine(hasSchedule: true);
        machine.Object = LeaseText.Empty.Take("run-1", machine.Now, machine.Now + 20_000).Take("run-2", machine.Now, machine.Now + 4000);
        machine.Pass();
        machine.Object = machine.Object.Without("run-1");
        machine.Plan("ok", "slow");
        machine.Pass();
        Assert.Equal(KeeperMachine.Epoch + 20_000 + Outside, machine.ScheduledStop);

        // It arrives between the move for a new lease and the look of its client.
        long deadline = machine.Now + 10_000;
        machine.Object = machine.Object.Take("run-3", machine.Now, deadline);
        machine.Plan("ok", "down");
        machine.Pass();
        Assert.Equal("0", machine.Object.Lease("run-3", "confirmed"));
        machine.ArriveSchedule();
        machine.Pass();
        Assert.Equal("1", machine.Object.Lease("run-3", "confirmed"));
        Assert.Equal(deadline + Outside, machine.ScheduledStop);
    }

    [Fact(SkipUnless = nameof(MachineShell.IsHere), SkipType = typeof(MachineShell), Skip = Skip)]
    public void Heartbeats_and_the_power_off_do_not_wait_for_it()
    {
        using var machine = new KeeperMachine(hasSchedule: true);
        machine.Object = LeaseText.Empty.Take("run-1", machine.Now, machine.Now + 7200, job: true);
        machine.Pass();
        machine.Advance(700);
        machine.Beat("run-1");
        machine.Plan("ok", "ok", "down");
        machine.Pass();
        Assert.Equal($"{machine.Now - 3}", machine.Object!.Lease("run-1", "heartbeat")); // 3: the call that had no answer

        machine.Object = machine.Object.Without("run-1");
        machine.Plan("ok", "ok", "down");
        machine.Pass();
        Assert.True(machine.IsOff);
        Assert.Equal(KeeperMachine.Epoch + 7200 + Outside, machine.ScheduledStop); // it stays: the power-off may hang
    }

    [Theory(SkipUnless = nameof(MachineShell.IsHere), SkipType = typeof(MachineShell), Skip = Skip)]
    [InlineData(-149, "0")]
    [InlineData(149, "0")]
    [InlineData(151, "1")]
    public void Nothing_is_confirmed_while_its_call_may_be_under_way(int after, string confirmed)
    {
        using var machine = new KeeperMachine(hasSchedule: true);
        machine.Object = LeaseText.Empty.Take("run-1", machine.Now, machine.Now + 7200);
        machine.Pass();
        machine.Object = machine.Object.Take("run-1", machine.Now, machine.Now + 30_000);
        machine.Plan("ok", "down");
        machine.Pass();
        machine.Advance(machine.ScheduledStop!.Value + after - machine.Now);
        machine.Pass();
        Assert.Equal(confirmed, machine.Object!.Lease("run-1", "confirmed"));
    }

    [Fact(SkipUnless = nameof(MachineShell.IsHere), SkipType = typeof(MachineShell), Skip = Skip)]
    public void The_object_says_whose_schedule_the_keeper_moves()
    {
        using var machine = new KeeperMachine(hasSchedule: true);
        machine.Pass();
        Assert.Equal("i-0abc", machine.Object!.Machine("outside"));
        File.WriteAllText(machine["etc", "machine.env"], "WMS_BUCKET=wms-test\nWMS_MACHINE=wms\n");
        machine.Advance(30);
        machine.Pass();
        Assert.Equal("-", machine.Object.Machine("outside"));
    }

    [Fact(SkipUnless = nameof(MachineShell.IsHere), SkipType = typeof(MachineShell), Skip = Skip)]
    public void Without_a_role_there_is_none()
    {
        using var machine = new KeeperMachine();
        machine.Object = LeaseText.Empty.Take("run-1", machine.Now, machine.Now + 7200);
        machine.Pass();
        Assert.Null(machine.ScheduledStop);
        Assert.Equal(["get-object ok", "put-object ok"], machine.Calls);
    }

    private static int Writes(KeeperMachine machine) => machine.Calls.Count(call => call.Contains("-schedule", StringComparison.Ordinal));
}
