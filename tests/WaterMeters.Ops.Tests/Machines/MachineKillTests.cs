using WaterMeters.Tests.Cloud;

namespace WaterMeters.Ops.Tests.Machines;

/// <summary>A client that ends after any of its calls, without a chance to clean up: the machine must end its own time.</summary>
public sealed class MachineKillTests
{
    [Fact]
    public void Wherever_a_client_is_killed_the_machine_is_off_five_minutes_after_the_deadline()
    {
        int calls;
        using (var whole = new CloudMachineSession())
        {
            whole.Start();
            whole.Stop();
            calls = whole.Cloud.Calls.Count;
        }

        // Each request takes Wine thirty times as long, and the protocol is the same there.
        int step = OperatingSystem.IsWindows() ? 6 : 1;
        for (int last = 1; last <= calls; last += step)
        {
            using var machine = new CloudMachineSession();
            int count = 0;

            // From this call on, nothing of the client arrives any more; the machine's own keeper is in the cloud and goes on.
            machine.Cloud.Intercept = _ => ++count > last ? "Killed" : null;
            try
            {
                machine.Start();
                machine.Stop();
            }
            catch (InfrastructureException)
            {
                // This is how the test learns that the client is dead.
            }

            var deadline = machine.Cloud.Clock.GetUtcNow().AddHours(2);
            while (!machine.Cloud.Machine.IsOff && machine.Cloud.Clock.GetUtcNow() < deadline.AddMinutes(10))
            {
                machine.Cloud.Clock.Advance(TimeSpan.FromSeconds(10));
            }

            Assert.True(machine.Cloud.Machine.IsOff, $"killed after call {last} of {calls}");
            Assert.All(machine.Cloud.Machine.Ends, end => Assert.True(end.Time <= deadline.AddMinutes(5), $"killed after call {last}"));
        }
    }
}
