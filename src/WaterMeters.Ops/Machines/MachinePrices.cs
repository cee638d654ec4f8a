using System.Globalization;
using System.Reflection;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ops.Machines;

/// <summary>
/// Prices of AWS in US dollars, before tax: a table that comes with the module, and those that were read from AWS since. Each has its date;
/// the newer one counts.
/// </summary>
internal sealed class MachinePrices
{
    /// <summary>Hours of a month, as AWS counts them.</summary>
    public const double MonthHours = 730;

    /// <summary>Names of prices that are not of an instance type.</summary>
    public const string Gp3 = "gp3", Ipv4 = "ipv4", S3 = "s3";

    private const string DateLine = "# date ", DateFormat = "yyyy-MM-dd";

    private readonly Dictionary<(string Name, string Region), Price> prices = [];

    private MachinePrices()
    {
    }

    /// <summary>The table of the module.</summary>
    public static MachinePrices Table { get; } = ReadTable();

    /// <summary>When the prices of the table were compared.</summary>
    public DateTime Date { get; private set; }

    /// <summary>US dollars an hour of an instance type with Linux, on demand; null when it is unknown.</summary>
    public Price? Instance(string type, string region) => Find(type, region);

    /// <summary>US dollars a gigabyte and month of a gp3 disk; null when it is unknown.</summary>
    public Price? Disk(string region) => Find(Gp3, region);

    /// <summary>US dollars an hour of a public IPv4 address; null when it is unknown.</summary>
    public Price? Address(string region) => Find(Ipv4, region);

    /// <summary>US dollars a gigabyte and month of S3 Standard; null when it is unknown.</summary>
    public Price? Objects(string region) => Find(S3, region);

    /// <summary>The table, with what a file has besides.</summary>
    /// <param name="path">The file; null, or one that is not there or cannot be read: the table alone.</param>
    public static MachinePrices Read(string? path)
    {
        var all = new MachinePrices { Date = Table.Date };
        foreach (var (key, price) in Table.prices) all.prices[key] = price;
        foreach (var (key, price) in FileOf(path)) all.Add(key, price);
        return all;
    }

    /// <summary>Returns these prices with others besides.</summary>
    public MachinePrices With(string region, IReadOnlyDictionary<string, Price> read)
    {
        foreach (var (name, price) in read) Add((name, region), price);
        return this;
    }

    /// <summary>Writes prices to a file, besides those it has.</summary>
    /// <param name="path">The file.</param>
    /// <param name="region">Their region.</param>
    /// <param name="read">The prices, by name.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string path, string region, IReadOnlyDictionary<string, Price> read)
    {
        var all = FileOf(path);
        foreach (var (name, price) in read) all[(name, region)] = price;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var lines = all.OrderBy(one => one.Key.Region, StringComparer.Ordinal).ThenBy(one => one.Key.Name, StringComparer.Ordinal)
            .Select(one => string.Create(CultureInfo.InvariantCulture,
                $"{one.Key.Name},{one.Key.Region},{one.Value.Dollars:R},{one.Value.Date:yyyy-MM-dd}\n"));
        AtomicFile.WriteText(path, string.Concat(lines));
    }

    private static Dictionary<(string Name, string Region), Price> FileOf(string? path)
    {
        var found = new MachinePrices();
        try
        {
            if (path is null || !File.Exists(path)) return [];
            foreach (string line in File.ReadLines(path)) found.Parse(line);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A cache: without it, the table counts.
        }

        return found.prices;
    }

    private static MachinePrices ReadTable()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("WaterMeters.Ops.Machines.Prices.csv")!;
        using var reader = new StreamReader(stream);
        var table = new MachinePrices();
        while (reader.ReadLine() is { } line) table.Parse(line);
        return table;
    }

    private void Parse(string line)
    {
        if (line.StartsWith(DateLine, StringComparison.Ordinal) && DateOf(line[DateLine.Length..]) is { } date) Date = date;
        if (line.StartsWith('#')) return;
        string[] cells = line.Split(',');
        if (cells.Length is not (3 or 4) || (cells.Length == 4 ? DateOf(cells[3]) : Date) is not { } day) return;
        if (double.TryParse(cells[2], NumberStyles.Float, CultureInfo.InvariantCulture, out double price) && price >= 0)
        {
            Add((cells[0], cells[1]), new Price(price, day));
        }
    }

    private void Add((string Name, string Region) key, Price price)
    {
        if (!prices.TryGetValue(key, out var known) || known.Date <= price.Date) prices[key] = price;
    }

    private Price? Find(string name, string region) => prices.TryGetValue((name, region), out var price) ? price : null;

    private static DateTime? DateOf(string text) =>
        DateTime.TryParseExact(text, DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null;
}
