using System.Runtime.Versioning;

namespace WaterMeters.Ops.Tests.Infrastructure;

/// <summary>
/// The keeper killed between any two commands, with S3 losing any message and a clock that is two minutes wrong: the machine never goes off
/// under a lease that somebody was told is live, and no lease outlives its deadline by more than five minutes.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class KeeperKillTests
{
    private const string Skip = MachineShell.Missing;
    private const int Bound = 300;

    [Fact(SkipUnless = nameof(MachineShell.IsHere), SkipType = typeof(MachineShell), Skip = Skip)]
    public void Is_the_same_after_a_kill_before_or_after_any_command_of_a_pass_that_confirms() => KillEverywhere(
        machine => machine.Object = LeaseText.Empty.Take("run-1", machine.Now, machine.Now + 900),
        machine =>
        {
            Assert.False(machine.IsOff);
            Assert.Equal("1", machine.Object!.Lease("run-1", "confirmed"));
        });

    [Fact(SkipUnless = nameof(MachineShell.IsHere), SkipType = typeof(MachineShell), Skip = Skip)]
    public void Is_the_same_after_a_kill_before_or_after_any_command_of_a_pass_that_moves_the_schedule() => KillEverywhere(
        machine =>
        {
            machine.Object = LeaseText.Empty.Take("run-1", machine.Now, machine.Now + 900).Take("run-2", machine.Now, machine.Now + 4000);
            machine.Pass();
            machine.Object = machine.Object.Without("run-2").Take("run-3", machine.Now, machine.Now + 9000);
        },
        machine =>
        {
            Assert.False(machine.IsOff);
            Assert.Equal("1", machine.Object!.Lease("run-3", "confirmed"));
            Assert.Equal(KeeperMachine.Epoch + 9000 + 1800, machine.ScheduledStop);
        },
        hasSchedule: true);

    [Fact(SkipUnless = nameof(MachineShell.IsHere), SkipType = typeof(MachineShell), Skip = Skip)]
    public void Is_the_same_after_a_kill_before_or_after_any_command_of_a_pass_that_powers_off() => KillEverywhere(
        machine =>
        {
            machine.Object = LeaseText.Empty.Take("run-1", machine.Now - 900, machine.Now + 500);
            machine.Pass();
            machine.SaveWith("10-save", "echo saved >> \"$WMS_FAKE/saved\"\n");
            machine.Advance(621);
        },
        machine =>
        {
            Assert.True(machine.IsOff);
            Assert.Equal("stopping", machine.Object!.Machine("state"));
            Assert.NotEmpty(File.ReadAllLines(machine["fake", "saved"]));
        });

    [Fact(SkipUnless = nameof(MachineShell.IsHere), SkipType = typeof(MachineShell), Skip = Skip)]
    public void Holds_for_random_clients_lost_messages_kills_and_clocks()
    {
        int runs = ProcessMemory.Full ? 60 : 4;
        var lateness = new List<long>();
        int kills = 0, messages = 0;
        for (int seed = 0; seed < runs; seed++)
        {
            using var run = new KeeperSimulation(seed);
            long late = run.Play();
            Assert.True(late <= Bound, $"seed {seed}: off {late} s after the last deadline");
            lateness.Add(late);
            kills += run.Kills;
            messages += run.Lost;
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"figure: {runs} machines, {kills} kills, {messages} messages lost or late: never off under a live lease, "
            + $"at most {lateness.Max()} s late");
    }

    private static void KillEverywhere(Action<KeeperMachine> prepare, Action<KeeperMachine> require, bool hasSchedule = false)
    {
        long commands;
        using (var machine = new KeeperMachine(hasSchedule: hasSchedule))
        {
            prepare(machine);
            Assert.True(machine.Pass().Ended);
            require(machine);
            commands = machine.Commands;
        }

        // In a test every fourth point, in the proof all of them.
        for (long command = ProcessMemory.Full ? 1 : 2; command <= commands; command += ProcessMemory.Full ? 1 : 4)
        {
            foreach (string side in (string[])["-", "+"])
            {
                using var machine = new KeeperMachine(hasSchedule: hasSchedule);
                prepare(machine);
                Assert.False(machine.Pass($"{command}{side}").Ended, $"not killed at {command}{side}");
                if (!machine.IsOff)
                {
                    machine.Advance(1);
                    Assert.True(machine.Pass().Ended);
                }

                require(machine);
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"figure: killed before and after each of {commands} commands of a pass");
    }
}
