using System.Globalization;
using System.Text.Json.Nodes;
using WaterMeters.Ops.Tests.Http;

namespace WaterMeters.Tests.Cloud;

/// <summary>The Price List service: products as AWS writes them, each a text of its own, in pages of one.</summary>
internal static class CloudPricing
{
    private static readonly (string Service, string Usage, double Price, (string, string)[] Attributes)[] Products =
    [
        ("AmazonEC2", "EUC1-BoxUsage:t3.large", 0.1,
            [("instanceType", "t3.large"), ("operatingSystem", "Linux"), ("tenancy", "Shared"), ("preInstalledSw", "NA"),
                ("capacitystatus", "Used")]),
        ("AmazonEC2", "EUC1-BoxUsage:t3.large", 0.5,
            [("instanceType", "t3.large"), ("operatingSystem", "Windows"), ("tenancy", "Shared"), ("preInstalledSw", "NA"),
                ("capacitystatus", "Used")]),
        ("AmazonEC2", "EUC1-EBS:VolumeUsage.gp3", 0.2, [("productFamily", "Storage"), ("volumeApiName", "gp3")]),
        ("AmazonVPC", "EUC1-PublicIPv4:IdleAddress", 0.9, [("group", "VPCPublicIPv4Address")]),
        ("AmazonVPC", "EUC1-PublicIPv4:InUseAddress", 0.01, [("group", "VPCPublicIPv4Address")]),
    ];

    public static FakeResponse Answer(FakeRequest request)
    {
        var body = JsonNode.Parse(request.Text)!;
        var filters = body["Filters"]!.AsArray().Select(one => ((string)one!["Field"]!, (string)one["Value"]!)).ToArray();
        var found = Products.Where(product => product.Service == (string)body["ServiceCode"]!
            && filters.All(filter => filter == ("regionCode", FakeCloud.Region) || product.Attributes.Contains(filter))).ToArray();
        int page = int.Parse((string?)body["NextToken"] ?? "0", CultureInfo.InvariantCulture);
        var answer = new JsonObject { ["FormatVersion"] = "aws_v1", ["PriceList"] = new JsonArray() };
        if (page < found.Length) answer["PriceList"]!.AsArray().Add((JsonNode)Text(found[page].Usage, found[page].Price));
        if (page + 1 < found.Length) answer["NextToken"] = $"{page + 1}";
        return FakeResponse.Json(answer.ToJsonString());
    }

    private static string Text(string usage, double price) => $$"""
        {
          "product": { "attributes": { "regionCode": "{{FakeCloud.Region}}", "usagetype": "{{usage}}" }, "sku": "ABC" },
          "terms": {
            "OnDemand": { "ABC.JRTCKXETXF": { "priceDimensions": {
              "ABC.JRTCKXETXF.1": { "unit": "Hrs", "beginRange": "0", "endRange": "1", "pricePerUnit": { "USD": "0.0000000000" } },
              "ABC.JRTCKXETXF.2": { "unit": "Hrs", "beginRange": "1", "endRange": "Inf",
                "pricePerUnit": { "USD": "{{price.ToString("F10", CultureInfo.InvariantCulture)}}" } } } } },
            "Reserved": { "ABC.4NA7Y494T4": { "priceDimensions": { "1": { "pricePerUnit": { "USD": "9.9" } } } } }
          }
        }
        """;
}
