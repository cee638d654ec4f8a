using WaterMeters.Ops.Machines.Leases;

namespace WaterMeters.Ops.Machines;

/// <summary>What the machine costs, by the module's own table.</summary>
internal static class MachineCosts
{
    /// <summary>Adds the costs to a record; what the table does not have stays null.</summary>
    /// <param name="machine">The record.</param>
    /// <param name="now">The time, UTC.</param>
    /// <param name="gigabytes">Size of the disks; null: unknown.</param>
    /// <param name="own">The caller's lease; null when there is none.</param>
    public static Infrastructure Of(Infrastructure machine, DateTime now, int? gigabytes, Lease? own)
    {
        var prices = MachinePrices.Table;
        double? address = prices.Address(machine.Region);
        double? disk = gigabytes * prices.Disk(machine.Region);
        double? idle = disk + (address * MachinePrices.MonthHours); // the address stays with the machine while it is off
        double? hourly = prices.Instance(machine.InstanceType, machine.Region) + address + (disk / MachinePrices.MonthHours);
        double monthHours = (now - new DateTime(now.Year, now.Month, 1, 0, 0, 0, DateTimeKind.Utc)).TotalHours;
        double onHours = Math.Min(machine.Uptime?.TotalHours ?? 0, monthHours);
        double? running = onHours == 0 ? 0 : prices.Instance(machine.InstanceType, machine.Region) * onHours;
        double leaseHours = own is null ? 0
            : Math.Max(0, (DateTimeOffset.FromUnixTimeSeconds(own.Deadline).UtcDateTime - now).TotalHours);
        return machine with
        {
            HourlyCost = Rounded(hourly, 4),
            ExpectedCost = own is null ? null : Rounded(hourly * leaseHours, 2),
            CostThisMonth = Rounded(running + (idle * (monthHours / MachinePrices.MonthHours)), 2),
            CostWhileStopped = Rounded(idle, 2),
            PriceDate = prices.Date,
        };
    }

    private static double? Rounded(double? value, int digits) => value is { } number ? Math.Round(number, digits) : null;
}
