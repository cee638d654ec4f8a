using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using WaterMeters.Ops.Aws;

namespace WaterMeters.Ops.Machines;

/// <summary>
/// Reads prices with GetProducts of AWS's Price List service:
/// https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_pricing_GetProducts.html. It costs nothing.
/// </summary>
/// <param name="session">The connection.</param>
/// <param name="today">The day of the prices.</param>
internal sealed class PriceList(AwsSession session, DateTime today)
{
    private const string Target = "AWSPriceListService.GetProducts", Ec2 = "AmazonEC2", Address = "PublicIPv4:InUseAddress";
    private const int Page = 100, Pages = 50;

    /// <summary>
    /// Reads the prices of an instance type with Linux, of gp3 disks and of public addresses; what the list lacks is missing.
    /// </summary>
    /// <param name="type">The instance type.</param>
    /// <param name="region">The region.</param>
    /// <param name="stop">Stops the work.</param>
    /// <exception cref="InfrastructureException">The account may not, or AWS cannot be reached.</exception>
    public IReadOnlyDictionary<string, Price> Read(string type, string region, CancellationToken stop)
    {
        var found = new Dictionary<string, Price>(StringComparer.Ordinal);
        (string, string)[] here = [("regionCode", region)];
        Add(type, Find(Ec2, "", [.. here, ("instanceType", type), ("operatingSystem", "Linux"), ("tenancy", "Shared"),
            ("preInstalledSw", "NA"), ("capacitystatus", "Used")], stop));
        Add(MachinePrices.Gp3, Find(Ec2, "", [.. here, ("productFamily", "Storage"), ("volumeApiName", "gp3")], stop));
        Add(MachinePrices.Ipv4, Find("AmazonVPC", Address, [.. here, ("group", "VPCPublicIPv4Address")], stop));
        return found;

        void Add(string name, double? price)
        {
            if (price is { } dollars) found[name] = new Price(dollars, today.Date);
        }
    }

    /// <summary>The price of the products that match; null when there is none.</summary>
    private double? Find(string service, string usage, (string Field, string Value)[] filters, CancellationToken stop)
    {
        var fields = new JsonArray([.. filters.Select(filter => Filter(filter.Field, filter.Value))]);
        var request = new JsonObject { ["ServiceCode"] = service, ["Filters"] = fields, ["MaxResults"] = Page };
        double? best = null;
        for (int page = 0; page < Pages; page++)
        {
            string body = request.ToJsonString();
            using var answer = session.Pricing(client => client.SendAsync(Target, body, stop), stop);
            foreach (string product in Texts(answer.RootElement, "PriceList"))
            {
                // A tier that is free, or of a special offer, is not the price.
                if (PriceOf(product, usage) is { } price && !(best >= price)) best = price;
            }

            if (!answer.RootElement.TryGetProperty("NextToken", out var next) || next.GetString() is not { Length: > 0 } token) break;
            request["NextToken"] = token;
        }

        return best;
    }

    private static JsonNode Filter(string field, string value) =>
        new JsonObject { ["Type"] = "TERM_MATCH", ["Field"] = field, ["Value"] = value };

    private static IEnumerable<string> Texts(JsonElement answer, string name) =>
        answer.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Where(one => one.ValueKind == JsonValueKind.String).Select(one => one.GetString()!) : [];

    /// <summary>
    /// The highest price on demand of a product, which AWS returns as a text; null when it has none or is of another usage.
    /// </summary>
    private static double? PriceOf(string product, string usage)
    {
        try
        {
            var root = JsonNode.Parse(product);
            if (!$"{root?["product"]?["attributes"]?["usagetype"]}".EndsWith(usage, StringComparison.Ordinal)) return null;
            var prices = Values(root?["terms"]?["OnDemand"]).SelectMany(term => Values(term?["priceDimensions"]))
                .Select(one => double.TryParse($"{one?["pricePerUnit"]?["USD"]}", NumberStyles.Float, CultureInfo.InvariantCulture,
                    out double price) ? price : 0)
                .Where(price => price > 0).ToArray();
            return prices.Length > 0 ? prices.Max() : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null; // one product of a form that is not known
        }
    }

    private static IEnumerable<JsonNode?> Values(JsonNode? node) => node is JsonObject all ? all.Select(one => one.Value) : [];
}
