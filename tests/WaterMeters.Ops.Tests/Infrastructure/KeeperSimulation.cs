using System.Globalization;
using System.Runtime.Versioning;

namespace WaterMeters.Ops.Tests.Infrastructure;

/// <summary>
/// One life of a machine under a fake clock: clients take, renew and release leases and look whether they are confirmed, AWS loses or
/// delays any message, the keeper is killed at random commands.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class KeeperSimulation : IDisposable
{
    // Decided with a seed: it must be the same in each run. Not for secrets.
    private readonly Random random;
    private readonly KeeperMachine machine;

    // What clients were told: the true deadline of each lease that they saw confirmed, and did not release since.
    private readonly Dictionary<string, long> told = [];
    private long lastDeadline;
    private int taken;
    private bool killedAtTheEnd;

    public KeeperSimulation(int seed)
    {
        random = new Random(seed);
        machine = new KeeperMachine(clockError: (seed % 3 - 1) * 120, hasSchedule: seed % 2 == 1);
    }

    /// <summary>How often the keeper was killed.</summary>
    public int Kills { get; private set; }

    /// <summary>How many messages were lost or late.</summary>
    public int Lost { get; private set; }

    /// <summary>Plays until the machine is off, and returns how long after the last deadline that was.</summary>
    public long Play()
    {
        machine.Object = LeaseText.Empty;
        Take();
        long end = machine.Now + 2400; // then clients come no more
        while (true)
        {
            bool isLate = machine.Now > lastDeadline;
            if (machine.Now < end && !isLate) Act();
            Disturb(machine.Now < end);
            long begun = machine.Now;
            string kill = Kill(isLate);
            bool ended = machine.Pass(kill).Ended;
            if (!ended) Kills++;
            killedAtTheEnd |= isLate && !ended;
            if (machine.IsOff) return Off();
            Look();
            Assert.True(machine.Now < lastDeadline + 900, "the machine stays on");

            // systemd makes a pass that was killed again after a second. Far from a deadline, passes of no interest are left out.
            int step = !ended ? 1 : machine.Now < lastDeadline - 200 && random.Next(3) > 0 ? 150 : 30;
            machine.Advance(Math.Max(ended ? 0 : 1, begun + step - machine.Now));
            Assert.False(machine.Now >= machine.ScheduledStop, "stopped from outside, with a keeper that works");
        }
    }

    public void Dispose() => machine.Dispose();

    private long Off()
    {
        // The worst case: what is under way arrives now, and a client reads it.
        if (machine.Arrive()) Lost++;
        Believe(machine.Object!);
        foreach (var (id, deadline) in told)
        {
            Assert.True(machine.Now > deadline, $"off {deadline - machine.Now} s before the deadline of {id}");
        }

        return machine.Now - lastDeadline;
    }

    /// <summary>A client does something, by its own right clock, with a write under the condition of what it read.</summary>
    private void Act()
    {
        if (machine.Object is not { } document || document.Machine("state") == "stopping") return;
        switch (random.Next(6))
        {
            case 0:
                Take();
                break;
            case 1 when told.Count > 1:
                string id = told.Keys.First();
                machine.Object = document.Without(id);
                told.Remove(id);
                break;
            case 2 when document.Leases.Count > 0:
                Renew(document, document.Leases[random.Next(document.Leases.Count)]);
                break;
            default:
                break;
        }
    }

    private void Take()
    {
        string id = $"run-{taken++}";
        long deadline = machine.Now + random.Next(300, 1500);
        machine.Object = machine.Object!.Take(id, machine.Now, deadline);
        lastDeadline = Math.Max(lastDeadline, deadline);
    }

    /// <summary>The new deadline is promised when it is confirmed; until then the old one is.</summary>
    private void Renew(LeaseText document, string id)
    {
        long old = long.Parse(document.Lease(id, "deadline"), CultureInfo.InvariantCulture);
        long deadline = Math.Max(old, machine.Now + random.Next(300, 1500));
        machine.Object = document.Take(id, machine.Now, deadline);
        lastDeadline = Math.Max(lastDeadline, deadline);
    }

    /// <summary>A client that waits reads the object and believes what it says.</summary>
    private void Look()
    {
        if (random.Next(4) == 0 && machine.Arrive()) Lost++;
        if (random.Next(4) == 0) machine.ArriveSchedule();
        if (machine.Object is not { } document || document.Machine("state") != "open") return;
        Believe(document);
    }

    private void Believe(LeaseText document)
    {
        foreach (string id in document.Leases)
        {
            long deadline = long.Parse(document.Lease(id, "deadline"), null);
            lastDeadline = Math.Max(lastDeadline, deadline);
            if (document.Lease(id, "confirmed") == "1") told[id] = deadline;
        }
    }

    private void Disturb(bool withClients)
    {
        var plan = new List<string>();
        for (int i = 0; i < 6; i++)
        {
            string call = random.Next(8) switch
            {
                0 => "down",
                1 => "lost",
                2 => "slow",
                3 => "late 3",
                4 => "busy",
                5 when withClients && random.Next(3) == 0 && OpenObject() is { } document => Between(document),
                _ => "ok",
            };
            if (call != "ok") Lost++;
            plan.Add(call);
        }

        machine.Plan([.. plan]);
    }

    private LeaseText? OpenObject() => machine.Object is { } document && document.Machine("state") == "open" ? document : null;

    /// <summary>A lease that is taken between two messages of the keeper.</summary>
    private string Between(LeaseText document)
    {
        string id = $"run-{taken++}";
        long deadline = machine.Now + random.Next(300, 1500);
        return $"client {machine.Prepare(document.Take(id, machine.Now, deadline))}";
    }

    private string Kill(bool isLate)
    {
        if (random.Next(3) > 0 || (isLate && killedAtTheEnd)) return "";
        return $"{random.Next(1, 45)}{(random.Next(2) == 0 ? '-' : '+')}";
    }
}
