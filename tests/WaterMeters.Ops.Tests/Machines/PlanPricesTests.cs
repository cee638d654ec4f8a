using System.Text.Json;
using WaterMeters.Ops.Machines;

namespace WaterMeters.Ops.Tests.Machines;

/// <summary>What the resources of a plan cost; the forms of the settings are those that the AWS provider 6 plans.</summary>
public sealed class PlanPricesTests
{
    [Theory]
    [InlineData("aws_instance", """{ "instance_type": "t3.large" }""", 70.08)]
    [InlineData("aws_instance", """{ "instance_type": "t3.large", "associate_public_ip_address": true }""", 73.73)]
    [InlineData("aws_instance",
        """{ "instance_type": "t3.large", "root_block_device": [{ "volume_type": "gp3", "volume_size": 30 }] }""", 72.94)]
    [InlineData("aws_instance", """{ "instance_type": "t3.large", "region": "us-east-1" }""", 60.74)]
    [InlineData("aws_instance", """{ "instance_type": "x9.huge" }""", null)]
    [InlineData("aws_instance", """{ "instance_type": "t3.large", "root_block_device": [{ "volume_type": "gp3" }] }""", null)]
    [InlineData("aws_ebs_volume", """{ "type": "gp3", "size": 50 }""", 4.76)]
    [InlineData("aws_ebs_volume", """{ "type": "gp3", "size": 50, "iops": 3000, "throughput": 125 }""", 4.76)]
    [InlineData("aws_ebs_volume", """{ "type": "gp3", "size": 50, "iops": 6000 }""", null)]
    [InlineData("aws_ebs_volume", """{ "type": "io2", "size": 50 }""", null)]
    [InlineData("aws_ebs_volume", """{ "type": "gp3" }""", null)]
    [InlineData("aws_eip", """{ "domain": "vpc" }""", 3.65)]
    [InlineData("aws_vpc", "{}", null)]
    [InlineData("aws_eip", """{ "region": "eu-north-1" }""", null)]
    public void A_resource_costs(string type, string settings, double? expected)
    {
        using var plan = JsonDocument.Parse("""{ "variables": { "region": { "value": "eu-central-1" } } }""");
        using var after = JsonDocument.Parse(settings);
        Assert.Equal((decimal?)expected, PlanPrices.Of(null)(plan.RootElement)(type, after.RootElement));
    }

    [Fact]
    public void An_address_of_its_own_takes_the_place_of_the_instance_own()
    {
        using var plan = JsonDocument.Parse("""
            {
              "variables": { "region": { "value": "eu-central-1" } },
              "resource_changes": [{ "type": "aws_eip", "change": { "after": { "domain": "vpc" } } }]
            }
            """);
        using var after = JsonDocument.Parse("""{ "instance_type": "t3.large", "associate_public_ip_address": true }""");
        Assert.Equal(70.08m, PlanPrices.Of(null)(plan.RootElement)("aws_instance", after.RootElement));
    }

    [Fact]
    public void Without_a_region_nothing_is_known()
    {
        using var empty = JsonDocument.Parse("{}");
        Assert.Null(PlanPrices.Of(null)(empty.RootElement)("aws_eip", empty.RootElement));
    }
}
