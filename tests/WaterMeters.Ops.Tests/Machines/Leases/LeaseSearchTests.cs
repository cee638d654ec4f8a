namespace WaterMeters.Ops.Tests.Machines.Leases;

/// <summary>The lease protocol in every state within bounds; the proof LeaseSearch has wider bounds than the suite.</summary>
public sealed class LeaseSearchTests(ITestOutputHelper output)
{
    private static readonly bool IsFull = Environment.GetEnvironmentVariable("WMS_PROVE") == "full";

    // In the suite, clocks and allowances are half as large as in use, so that fewer steps of time are enough.
    private static readonly int Off = IsFull ? 120 : 60;

    private static SearchSettings Bounds => new()
    {
        Clocks = Off,
        Horizon = IsFull ? 3 : 2,
        MaxStates = 25_000_000,
    };

    public static TheoryData<int, int, int> Clocks => new()
    {
        { 0, 0, 0 },
        { Off, 0, 0 },
        { -Off, 0, 0 },
        { 0, Off, 0 },
        { 0, -Off, 0 },
        { 0, 0, Off },
        { 0, 0, -Off },
    };

    [Theory]
    [MemberData(nameof(Clocks))]
    public void Nothing_goes_wrong_with_two_clients_that_start_and_one_that_stops(int first, int second, int machine) =>
        Holds(Bounds with { FirstClock = first, SecondClock = second, MachineClock = machine });

    [Theory]
    [MemberData(nameof(Clocks))]
    public void Nothing_goes_wrong_when_a_lease_is_renewed_and_writings_arrive_late(int first, int second, int machine) =>
        Holds(Bounds with
        {
            Horizon = IsFull ? 5 : 3,
            First = (2, 1),
            Second = (0, 0),
            LateWrites = true,
            FirstClock = first,
            SecondClock = second,
            MachineClock = machine,
        });

    [Theory]
    [MemberData(nameof(Clocks))]
    public void The_machine_is_not_on_for_more_than_five_minutes_after_a_deadline(int first, int second, int machine) =>
        Holds(Bounds with
        {
            Horizon = IsFull ? 10 : 6,
            First = (1, 0),
            Second = (0, 0),
            FirstClock = first,
            SecondClock = second,
            MachineClock = machine,
        });

    [Fact]
    public void Nothing_goes_wrong_when_the_machine_restarts() => Holds(Bounds with { First = (1, 1), Second = (0, 1), Crashes = 1 });

    /// <summary>An unconfirmed lease counts too, and the keeper has stored what it read; what it writes it may store later.</summary>
    [Fact]
    public void What_the_keeper_has_read_is_enough_to_remember() =>
        Holds(Bounds with { Horizon = 4, First = (1, 0), Second = (0, 0), Fault = PlantedFault.RememberedAfterwards });

    [Theory]
    [MemberData(nameof(FaultNames))]
    public void A_planted_fault_is_found(string fault)
    {
        var planted = Enum.Parse<PlantedFault>(fault);
        var settings = Bounds with { Horizon = 4, Clocks = 60, Fault = planted };
        settings = planted switch
        {
            PlantedFault.RenewedAsConfirmed => settings with { First = (2, 0), Second = (0, 0) },
            PlantedFault.NoSettling or PlantedFault.UnannouncedCall => settings with { First = (0, 1) },
            PlantedFault.OnlineOnly => settings with { Horizon = 8, First = (1, 0), Second = (0, 0) },
            PlantedFault.NoAllowance => settings with { First = (1, 0), Second = (0, 0), MachineClock = 60 },
            _ => settings,
        };
        var result = new LeaseSearch(settings).Run();
        output.WriteLine($"{fault}: {result}");
        Assert.NotNull(result.Violation);
        Assert.NotEmpty(result.Trace);
    }

    public static TheoryData<string> FaultNames =>
        [.. Enum.GetNames<PlantedFault>().Where(name =>
            name is not (nameof(PlantedFault.None) or nameof(PlantedFault.RememberedAfterwards)))];

    private void Holds(SearchSettings settings)
    {
        var result = new LeaseSearch(settings).Run();
        output.WriteLine(FormattableString.Invariant(
            $"figure: clocks {settings.FirstClock}, {settings.SecondClock}, {settings.MachineClock}: {result}"));
        Assert.Null(result.Violation);
    }
}
