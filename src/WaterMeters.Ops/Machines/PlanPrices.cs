using System.Text.Json;
using WaterMeters.Ops.Terraform;

namespace WaterMeters.Ops.Machines;

/// <summary>What the resources of a plan of Terraform cost in a month: instances with their system disk, volumes, addresses.</summary>
public static class PlanPrices
{
    /// <summary>Returns how the resources of a plan are priced, by the module's table and what was read from AWS.</summary>
    /// <param name="cache">The user's cache folder; null: by the table alone.</param>
    public static PlanPricing Of(string? cache)
    {
        var prices = MachinePrices.Read(cache is null ? null : PriceFile.Path(cache, null));
        return plan => Pricing(prices, plan);
    }

    private static Func<string, JsonElement, decimal?> Pricing(MachinePrices prices, JsonElement plan)
    {
        string? planned = plan.Property("variables").Property("region").Text("value");

        // An address of its own takes the place of the one that an instance gets at each start.
        bool hasOwnAddress = plan.Items("resource_changes").Any(
            change => change.Text("type") == "aws_eip" && change.Property("change").Property("after").ValueKind == JsonValueKind.Object);
        return (type, settings) =>
        {
            if ((settings.Text("region") ?? planned) is not { } region) return null;
            double? price = type switch
            {
                "aws_instance" => Instance(prices, region, settings, hasOwnAddress),
                "aws_ebs_volume" => Disk(prices, region, settings, "type", "size"),
                "aws_eip" => prices.Address(region)?.Dollars * MachinePrices.MonthHours,
                _ => null,
            };
            return price is { } dollars ? Math.Round((decimal)dollars, 2) : null;
        };
    }

    private static double? Instance(MachinePrices prices, string region, JsonElement settings, bool hasOwnAddress)
    {
        double? hour = prices.Instance(settings.Text("instance_type") ?? "", region)?.Dollars;
        if (!hasOwnAddress && settings.Property("associate_public_ip_address").ValueKind == JsonValueKind.True)
        {
            hour += prices.Address(region)?.Dollars;
        }

        double? price = hour * MachinePrices.MonthHours;
        foreach (string block in (string[])["root_block_device", "ebs_block_device"])
        {
            foreach (var disk in settings.Items(block)) price += Disk(prices, region, disk, "volume_type", "volume_size");
        }

        return price;
    }

    /// <summary>
    /// The price of a gp3 disk with the performance that comes with it; null for any other, or a size that is not known yet.
    /// </summary>
    private static double? Disk(MachinePrices prices, string region, JsonElement disk, string type, string size) =>
        disk.Text(type) == MachinePrices.Gp3 && disk.Property(size) is { ValueKind: JsonValueKind.Number } gigabytes
        && IsAtMost(disk, "iops", 3000) && IsAtMost(disk, "throughput", 125)
            ? gigabytes.GetDouble() * prices.Disk(region)?.Dollars : null;

    private static bool IsAtMost(JsonElement disk, string name, double included) =>
        disk.Property(name) is not { ValueKind: JsonValueKind.Number } value || value.GetDouble() <= included;
}
