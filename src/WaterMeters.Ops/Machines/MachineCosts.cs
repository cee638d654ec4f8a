using WaterMeters.Ops.Machines.Leases;

namespace WaterMeters.Ops.Machines;

/// <summary>What the machine costs, by the module's table or by the prices that were read from AWS.</summary>
internal static class MachineCosts
{
    /// <summary>Adds the costs to a record; what has no known price stays null.</summary>
    /// <param name="machine">The record.</param>
    /// <param name="prices">The prices.</param>
    /// <param name="now">The time, UTC.</param>
    /// <param name="disks">The disks; null: unknown.</param>
    /// <param name="keepsAddress">Whether the machine has its public address while it is off, too.</param>
    /// <param name="own">The caller's lease; null when there is none.</param>
    public static Infrastructure Of(Infrastructure machine, MachinePrices prices, DateTime now, IReadOnlyList<MachineDisk>? disks,
        bool keepsAddress, Lease? own)
    {
        Price? instance = prices.Instance(machine.InstanceType, machine.Region), gigabyte = prices.Disk(machine.Region),
            address = prices.Address(machine.Region);
        double? disk = disks?.Sum(one => one.Gigabytes) * gigabyte?.Dollars;
        double? kept = keepsAddress ? address?.Dollars * MachinePrices.MonthHours : 0;
        double? hourly = instance?.Dollars + address?.Dollars + (disk / MachinePrices.MonthHours);

        var month = new DateTime(now.Year, now.Month, 1, 0, 0, 0, DateTimeKind.Utc);
        double onHours = Math.Min(machine.Uptime?.TotalHours ?? 0, Hours(month));
        double? running = onHours == 0 ? 0 : (instance?.Dollars + (keepsAddress ? 0 : address?.Dollars)) * onHours;

        // A disk of this month costs since it was made; an address that stays is at most as old as the oldest disk.
        double? idle = disks?.Sum(one => one.Gigabytes * Hours(one.Created)) * gigabyte?.Dollars
            + (kept * Hours(disks is { Count: > 0 } ? disks.Min(one => one.Created ?? month) : month));
        double leaseHours = own is null ? 0
            : Math.Max(0, (DateTimeOffset.FromUnixTimeSeconds(own.Deadline).UtcDateTime - now).TotalHours);
        DateTime[] dates = [.. new[] { instance, gigabyte, address }.OfType<Price>().Select(price => price.Date)];
        return machine with
        {
            HourlyCost = Rounded(hourly, 4),
            ExpectedCost = own is null ? null : Rounded(hourly * leaseHours, 2),
            MinimumCostThisMonth = Rounded(running + (idle / MachinePrices.MonthHours), 2),
            CostWhileStopped = Rounded(disk + kept, 2),
            PriceDate = dates.Length > 0 ? dates.Min() : prices.Date,
        };

        double Hours(DateTime? since) => Math.Max(0, (now - (since > month ? since.Value : month)).TotalHours);
    }

    private static double? Rounded(double? value, int digits) => value is { } number ? Math.Round(number, digits) : null;
}
