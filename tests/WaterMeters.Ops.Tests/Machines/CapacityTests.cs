using WaterMeters.Ops.Machines;

namespace WaterMeters.Ops.Tests.Machines;

public sealed class CapacityTests
{
    private static StartOptions Options => new() { Run = CloudMachineSession.Run("ana"), Wait = true, RetryFor = TimeSpan.FromHours(4) };

    [Fact]
    public void A_machine_that_waited_for_capacity_for_long_still_has_its_time_to_start()
    {
        using var machine = new CloudMachineSession();
        machine.Cloud.Faults.NoCapacity = 400;
        var before = machine.Cloud.Clock.GetUtcNow();
        Assert.True(machine.Start(options: Options).IsReady);
        Assert.True(machine.Cloud.Clock.GetUtcNow() - before > Options.Timeout);
    }

    [Fact]
    public void The_own_type_is_tried_again_after_the_others()
    {
        using var machine = new CloudMachineSession();
        machine.Cloud.Faults.NoCapacity = 1000;
        int starts = 0;
        machine.Cloud.Intercept = call =>
        {
            if (call == "EC2 StartInstances" && ++starts == 3) machine.Cloud.Faults.FreeType = "t3.large";
            return null;
        };
        Assert.Equal("t3.large", machine.Start(options: Options with { AlternativeTypes = ["m5.large"] }).InstanceType);
        Assert.Equal(3, starts);
        Assert.Contains(machine.Said, line => line.Contains("is now of the type t3.large: there is no capacity for m5.large"));
    }
}
