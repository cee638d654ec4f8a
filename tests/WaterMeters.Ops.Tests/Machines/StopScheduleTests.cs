using WaterMeters.Ops.Machines;
using WaterMeters.Ops.Machines.Leases;
using WaterMeters.Tests.Cloud;

namespace WaterMeters.Ops.Tests.Machines;

/// <summary>The schedule that stops the machine from outside, written before each start.</summary>
public sealed class StopScheduleTests
{
    private const string Role = "arn:aws:iam::123456789012:role/wms-scheduler", Name = "wms-group/wms";

    [Fact]
    public void Is_written_before_the_machine_is_started()
    {
        using var machine = Create();
        machine.Start(wait: false);
        var now = machine.Cloud.Clock.GetUtcNow();
        var schedule = machine.Cloud.Schedules[Name];
        Assert.Equal(now.AddHours(2.5), FakeCloud.TimeOf(schedule), TimeSpan.FromSeconds(5)); // the lease lasts two hours
        Assert.Equal("arn:aws:scheduler:::aws-sdk:ec2:stopInstances", (string?)schedule["Target"]!["Arn"]);
        Assert.Equal(Role, (string?)schedule["Target"]!["RoleArn"]);
        Assert.Equal($$"""{"InstanceIds":["{{machine.Cloud.Machine.Id}}"]}""", (string?)schedule["Target"]!["Input"]);
        Assert.Equal(0, (int?)schedule["Target"]!["RetryPolicy"]!["MaximumRetryAttempts"]);
        Assert.Equal("OFF", (string?)schedule["FlexibleTimeWindow"]!["Mode"]);
        Assert.Equal("NONE", (string?)schedule["ActionAfterCompletion"]);

        string[] calls = [.. machine.Cloud.Calls];
        int lease = Array.FindIndex(calls, call => call.StartsWith("S3 PutObject", StringComparison.Ordinal));
        int created = Array.IndexOf(calls, "SCHEDULER CreateSchedule");
        Assert.InRange(created, lease, Array.IndexOf(calls, "EC2 StartInstances"));
    }

    [Fact]
    public void Stops_a_machine_whose_keeper_never_works()
    {
        using var machine = Create();
        machine.Cloud.Faults.NoKeeper = true;
        var options = Options("ana", 2) with { Wait = true, Timeout = TimeSpan.FromMinutes(2) };
        var error = Assert.Throws<InfrastructureException>(() => machine.Start(options: options));
        Assert.Equal(InfrastructureFault.TimedOut, error.Fault);
        machine.Cloud.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal("running", machine.Cloud.Machine.State);
        machine.Cloud.Clock.Advance(TimeSpan.FromHours(0.5));
        machine.Cloud.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("stopped", machine.Cloud.Machine.State);
        Assert.Equal("StopInstances", machine.Cloud.Machine.Ends[^1].Why);
    }

    [Fact]
    public void Allows_for_the_leases_of_others_and_is_changed_by_each_start()
    {
        using var machine = Create();
        machine.Start("bo", options: Options("bo", 8), wait: false);
        machine.Cloud.Machine.Set("stopped"); // by hand
        machine.Start("ana", options: Options("ana", 0.1), wait: false);
        var at = FakeCloud.TimeOf(machine.Cloud.Schedules[Name]);
        Assert.Equal(machine.Cloud.Clock.GetUtcNow().AddHours(8.5), at, TimeSpan.FromMinutes(2));
        Assert.Contains("SCHEDULER UpdateSchedule", machine.Cloud.Calls);
    }

    [Fact]
    public void Leaves_a_machine_at_least_an_hour_to_start()
    {
        using var machine = Create();
        machine.Start(options: Options("ana", 0.1), wait: false);
        var at = FakeCloud.TimeOf(machine.Cloud.Schedules[Name]);
        Assert.Equal(machine.Cloud.Clock.GetUtcNow().AddHours(1.5), at, TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData(-100, true)]
    [InlineData(0, true)]
    [InlineData(149, true)]
    [InlineData(200, false)]
    [InlineData(-200, false)]
    public void Waits_while_the_call_of_the_last_schedule_may_be_under_way(int secondsAfter, bool waits)
    {
        using var machine = Create();
        machine.Start(wait: false);
        machine.Stop();
        var due = FakeCloud.TimeOf(machine.Cloud.Schedules[Name]);
        machine.Cloud.Clock.Advance(due.AddSeconds(secondsAfter) - machine.Cloud.Clock.GetUtcNow());
        machine.Cloud.Calls.Clear();
        machine.Start(wait: false);
        Assert.Equal(waits, machine.Said.Any(line => line.Contains("may be stopping the machine now", StringComparison.Ordinal)));
        if (waits) Assert.True(machine.Cloud.Machine.Launched >= due.AddSeconds(145));
    }

    [Fact]
    public void Waits_for_the_call_of_a_schedule_that_cannot_be_moved()
    {
        using var machine = Create();
        machine.Start(wait: false);
        machine.Stop();
        var due = FakeCloud.TimeOf(machine.Cloud.Schedules[Name]);
        machine.Cloud.Clock.Advance(due.AddSeconds(-100) - machine.Cloud.Clock.GetUtcNow());
        machine.Cloud.Intercept = call => call == "SCHEDULER UpdateSchedule" ? "AccessDeniedException" : null;
        machine.Start(wait: false);
        Assert.Contains(machine.Said, line => line.Contains("was not written", StringComparison.Ordinal));
        Assert.True(machine.Cloud.Machine.Launched >= due.AddSeconds(145));
    }

    [Fact]
    public void One_that_was_created_meanwhile_is_changed()
    {
        using var machine = Create();
        machine.Start("bo", options: Options("bo", 1));
        machine.Cloud.Machine.Set("stopped"); // by hand
        int asked = 0;
        machine.Cloud.Intercept = call => call == "SCHEDULER GetSchedule" && asked++ == 0 ? "ResourceNotFoundException" : null;
        machine.Start("ana", options: Options("ana", 5));
        Assert.DoesNotContain(machine.Said, line => line.Contains("was not written", StringComparison.Ordinal));
        var at = FakeCloud.TimeOf(machine.Cloud.Schedules[Name]);
        Assert.Equal(machine.Cloud.Clock.GetUtcNow().AddHours(5.5), at, TimeSpan.FromMinutes(2));
    }

    [Theory]
    [InlineData("AccessDeniedException")]
    [InlineData("ThrottlingException")]
    public void Without_it_the_machine_is_started_with_a_warning(string code)
    {
        using var machine = Create();
        machine.Cloud.Intercept = call => call.StartsWith("SCHEDULER", StringComparison.Ordinal) ? code : null;
        Assert.True(machine.Start().IsReady);
        string warning = Assert.Single(machine.Said, line => line.Contains("was not written", StringComparison.Ordinal));
        Assert.Contains("EventBridge Scheduler", warning, StringComparison.Ordinal);
        Assert.Contains(code, warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Is_written_once_also_when_there_is_no_capacity_and_deleted_with_the_machine()
    {
        using var machine = Create();
        machine.Cloud.Faults.NoCapacity = 2;
        machine.Start(options: Options("ana", 1) with { RetryFor = TimeSpan.FromMinutes(30) }, wait: false);
        Assert.Single(machine.Cloud.Calls, "SCHEDULER CreateSchedule");
        machine.Terminate();
        Assert.Empty(machine.Cloud.Schedules);
    }

    [Theory]
    [InlineData("")]
    [InlineData("i-0fedcba9876543210")]
    public void Is_not_written_for_a_machine_whose_keeper_does_not_move_it(string outside)
    {
        using var machine = Create(outside);
        Assert.True(machine.Start().IsReady);
        Assert.DoesNotContain(machine.Cloud.Calls, call => call.StartsWith("SCHEDULER", StringComparison.Ordinal));
        Assert.Contains(machine.Said, line => line.Contains("because its keeper moves none", StringComparison.Ordinal));
    }

    [Fact]
    public void Is_written_again_with_the_lease_while_there_is_no_capacity_for_longer_than_both()
    {
        using var machine = Create();
        machine.Cloud.Faults.NoCapacity = 900;
        machine.Start(options: Options("ana", 0.2) with { RetryFor = TimeSpan.FromHours(4) }, wait: false);
        var now = machine.Cloud.Clock.GetUtcNow();
        Assert.True(now - new CloudClock().GetUtcNow() > TimeSpan.FromHours(1), $"{now}");
        Assert.True(machine.Get().OwnDeadline > now.UtcDateTime.AddMinutes(5));
        Assert.True(FakeCloud.TimeOf(machine.Cloud.Schedules[Name]) > now.AddHours(1.3));
    }

    [Fact]
    public void A_group_that_is_not_there_is_named()
    {
        using var machine = Create();
        machine.Cloud.Intercept = call => call == "SCHEDULER CreateSchedule" ? "ResourceNotFoundException" : null;
        Assert.True(machine.Start().IsReady);
        string warning = Assert.Single(machine.Said, line => line.Contains("was not written", StringComparison.Ordinal));
        Assert.Contains("There is no schedule group 'wms-group'. Correct aws.schedule_group", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_setting_there_is_none()
    {
        using var machine = new CloudMachineSession();
        machine.Start(wait: false);
        machine.Terminate();
        Assert.DoesNotContain(machine.Cloud.Calls, call => call.StartsWith("SCHEDULER", StringComparison.Ordinal));
    }

    private static StartOptions Options(string id, double hours) =>
        new() { Run = CloudMachineSession.Run(id), Wait = false, For = TimeSpan.FromHours(hours) };

    /// <summary>A machine whose keeper has run once, and moves a schedule.</summary>
    private static CloudMachineSession Create(string? outside = null)
    {
        var machine = new CloudMachineSession(settings => settings with { SchedulerRole = Role, ScheduleGroup = "wms-group" });
        machine.Cloud.Faults.KeepsSchedule = outside is null;
        var document = LeaseDocument.Empty;
        document = document with { Machine = document.Machine with { Outside = outside ?? machine.Cloud.Machine.Id } };
        machine.Cloud.Write("wms", LeaseText.Format(document));
        return machine;
    }
}
