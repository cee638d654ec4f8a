using System.Globalization;
using System.Reflection;

namespace WaterMeters.Ops.Machines;

/// <summary>Prices of AWS in US dollars, before tax, as a table that comes with the module. It has a date, and is not AWS's word.</summary>
internal sealed class MachinePrices
{
    /// <summary>Hours of a month, as AWS counts them.</summary>
    public const double MonthHours = 730;

    private readonly Dictionary<(string Name, string Region), double> prices = [];

    private MachinePrices(TextReader text)
    {
        while (text.ReadLine() is { } line)
        {
            if (line.StartsWith("# date ", StringComparison.Ordinal))
            {
                Date = DateTime.ParseExact(line["# date ".Length..], "yyyy-MM-dd", CultureInfo.InvariantCulture);
            }

            if (line.Length == 0 || line[0] == '#') continue;
            string[] cells = line.Split(',');
            prices[(cells[0], cells[1])] = double.Parse(cells[2], CultureInfo.InvariantCulture);
        }
    }

    /// <summary>The table of the module.</summary>
    public static MachinePrices Table { get; } = Read();

    /// <summary>When the prices were written down.</summary>
    public DateTime Date { get; }

    /// <summary>US dollars an hour of an instance type with Linux, on demand; null when the table does not have it.</summary>
    public double? Instance(string type, string region) => Find(type, region);

    /// <summary>US dollars a gigabyte and month of a gp3 disk; null when the table does not have the region.</summary>
    public double? Disk(string region) => Find("gp3", region);

    /// <summary>US dollars an hour of a public IPv4 address; null when the table does not have the region.</summary>
    public double? Address(string region) => Find("ipv4", region);

    private double? Find(string name, string region) => prices.TryGetValue((name, region), out double price) ? price : null;

    private static MachinePrices Read()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("WaterMeters.Ops.Machines.Prices.csv")!;
        using var reader = new StreamReader(stream);
        return new MachinePrices(reader);
    }
}
