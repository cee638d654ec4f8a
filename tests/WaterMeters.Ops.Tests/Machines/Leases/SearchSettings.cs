using WaterMeters.Ops.Machines.Leases;

namespace WaterMeters.Ops.Tests.Machines.Leases;

/// <summary>A fault planted into the protocol, to see that the search finds it.</summary>
internal enum PlantedFault
{
    None,

    /// <summary>Writes replace whatever is there.</summary>
    NoCompareAndSet,

    /// <summary>A client reports that the machine is ready as soon as it runs and the lease is written.</summary>
    NoConfirmation,

    /// <summary>The keeper remembers what it writes only after the answer: no fault, as the search shows.</summary>
    RememberedAfterwards,

    /// <summary>A client opens again although a call of StopInstances may be under way.</summary>
    NoSettling,

    /// <summary>A renewed lease stays confirmed.</summary>
    RenewedAsConfirmed,

    /// <summary>Clocks are taken for equal.</summary>
    NoAllowance,

    /// <summary>A client calls StopInstances without having written that it does.</summary>
    UnannouncedCall,

    /// <summary>The machine goes by what S3 says only, and stays on when S3 does not answer.</summary>
    OnlineOnly,
}

/// <summary>The bounds of a search: how long it looks, how often each client acts, which clock is off.</summary>
internal sealed record SearchSettings
{
    /// <summary>Seconds of a step of time, and of the longest pause between two passes of the keeper.</summary>
    public const int Step = 60;

    /// <summary>Steps of time.</summary>
    public int Horizon { get; init; } = 6;

    /// <summary>How often the first and the second client start, and stop, at most.</summary>
    public (int Starts, int Stops) First { get; init; } = (1, 1);

    public (int Starts, int Stops) Second { get; init; } = (1, 0);

    /// <summary>How often the machine is booted at most, restarts included.</summary>
    public int Boots { get; init; } = 2;

    /// <summary>How often the machine restarts by itself at most.</summary>
    public int Crashes { get; init; }

    /// <summary>Whether a writing may arrive after its sender has given it up.</summary>
    public bool LateWrites { get; init; }

    /// <summary>Seconds by which the clocks of the clients and of the machine are off.</summary>
    public int FirstClock { get; init; }

    public int SecondClock { get; init; }

    public int MachineClock { get; init; }

    /// <summary>Seconds by which two clocks may differ.</summary>
    public int Clocks { get; init; } = 120;

    /// <summary>Steps for which a lease is taken.</summary>
    public int Lease { get; init; } = 1;

    public PlantedFault Fault { get; init; }

    /// <summary>The search ends unproved after this many states.</summary>
    public int MaxStates { get; init; } = 3_000_000;

    /// <summary>
    /// The periods, in steps. Only those that nothing but comfort depends on are shorter than in use: a machine that gives up sooner, and
    /// clients that call sooner, are the harder case.
    /// </summary>
    public LeaseTimes Times => new()
    {
        Clocks = Fault == PlantedFault.NoAllowance ? 0 : Clocks,
        BootGrace = Step,
        Setup = 0,
        PowerOff = Step,
        Call = 0,
        Settle = Fault == PlantedFault.NoSettling ? 0 : (2 * Step) + Clocks,
    };
}
