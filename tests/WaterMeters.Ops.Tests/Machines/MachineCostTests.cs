using System.Text;
using Amazon.Runtime;
using WaterMeters.Ops.Aws;
using WaterMeters.Ops.Machines;
using WaterMeters.Tests.Cloud;

namespace WaterMeters.Ops.Tests.Machines;

/// <summary>What the machine costs: by the table, by the prices of AWS, and what is not counted.</summary>
public sealed class MachineCostTests
{
    private static readonly CancellationToken Never = CancellationToken.None;

    [Fact]
    public void A_machine_that_is_off_costs_its_disk_and_an_address_that_stays()
    {
        using var machine = new CloudMachineSession();
        Assert.Equal(13.17, machine.Get().CostWhileStopped); // 100 GB at 0.0952, and 730 hours at 0.005
        machine.Cloud.KeepsAddress = false;
        Assert.Equal(9.52, machine.Get().CostWhileStopped);
        Assert.Equal(MachinePrices.Table.Date, machine.Get().PriceDate);
    }

    [Fact]
    public void The_cost_of_the_month_has_the_machine_since_its_last_start_only()
    {
        using var machine = new CloudMachineSession();
        machine.Cloud.KeepsAddress = false;
        double before = machine.Get().MinimumCostThisMonth!.Value; // the disk since the first of the month
        Assert.Equal(Math.Round(9.52 * ((29 * 24) + 12) / 730, 2), before);
        machine.Start();
        machine.Cloud.Clock.Advance(TimeSpan.FromHours(1));
        double first = machine.Get().MinimumCostThisMonth!.Value;
        Assert.InRange(first - before, 0.1, 0.13);
        machine.Stop();
        Assert.InRange(machine.Get().MinimumCostThisMonth!.Value, before, first - 0.05);
    }

    [Fact]
    public void Prices_of_AWS_are_kept_for_later_calls_with_their_date()
    {
        using var cache = new TempFolder();
        using var cloud = new FakeCloud(new CloudClock(new DateTimeOffset(2040, 5, 10, 9, 0, 0, TimeSpan.Zero))) { KeepsAddress = false };
        var run = CloudMachineSession.Run("ana");
        using (var session = new MachineSession(CloudMachineSession.Settings(cloud), cloud.Clock, cache.Path))
        {
            var machine = new MachineReader(session).Read(null, run, Never);
            Assert.Equal(0.114, machine.HourlyCost!.Value, 0.0001); // 0.096 + 0.005 + 9.52 / 730
            machine = session.RefreshPrices(machine, run, Never);
            Assert.Equal(0.1374, machine.HourlyCost!.Value, 0.0001); // 0.1 + 0.01 + 20 / 730
        }

        Assert.Equal("PRICING GetProducts", cloud.Calls.Find(call => call.StartsWith("PRICING", StringComparison.Ordinal)));
        cloud.Calls.Clear();
        cloud.Clock.Advance(TimeSpan.FromDays(40));
        using var later = new MachineSession(CloudMachineSession.Settings(cloud), cloud.Clock, cache.Path);
        var found = new MachineReader(later).Read(null, run, Never);
        Assert.Equal((20, new DateTime(2040, 5, 10)), (found.CostWhileStopped, found.PriceDate));
        Assert.DoesNotContain(cloud.Calls, call => call.StartsWith("PRICING", StringComparison.Ordinal));

        // Prices of another service are none of Amazon.
        using var amazon = new MachineSession(CloudMachineSession.Settings(cloud) with { Endpoint = null }, cloud.Clock, cache.Path);
        Assert.Equal(0.096, amazon.Prices.Instance("t3.large", "eu-central-1")!.Value.Dollars);
    }

    [Fact]
    public void Without_the_permission_the_one_error_names_it()
    {
        using var machine = new CloudMachineSession();
        machine.Cloud.Faults.Denied = "GetProducts";
        var found = machine.Get();
        var error = Assert.Throws<InfrastructureException>(
            () => machine.Session.RefreshPrices(found, CloudMachineSession.Run("ana"), Never));
        Assert.Equal(InfrastructureFault.AccessDenied, error.Fault);
        Assert.Contains("'pricing:GetProducts'", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("PLANTED", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_file_of_prices_is_as_none_and_older_prices_do_not_replace_the_table()
    {
        using var cache = new TempFolder();
        string path = cache["prices.csv"];
        File.WriteAllText(path, "t3.large,eu-central-1,9,2020-01-01\nt3.large\n,,,\nm5.large,eu-central-1,x,2030-01-01\n\u0000");
        var prices = MachinePrices.Read(path);
        Assert.Equal(0.096, prices.Instance("t3.large", "eu-central-1")!.Value.Dollars);
        Assert.Equal(0.115, prices.Instance("m5.large", "eu-central-1")!.Value.Dollars);
        Assert.Null(prices.Instance("t3.large", "eu-north-1"));
    }

    [Theory]
    [InlineData("POST\n/\n", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")] // post-vanilla
    [InlineData( // get-vanilla-query-order-key-case
        "GET\n/\nParam1=value1&Param2=value2", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500")]
    public void Requests_are_signed_as_in_AWS_own_test_suite_for_Signature_Version_4(string request, string signature)
    {
        var keys = new ImmutableCredentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", null);
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["host"] = "example.amazonaws.com",
            ["x-amz-date"] = "20150830T123600Z",
        };
        string header = AwsJsonClient.Sign(
            keys, "us-east-1", "service", new DateTime(2015, 8, 30, 12, 36, 0, DateTimeKind.Utc), request, headers, "");
        Assert.Contains("Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request", header, StringComparison.Ordinal);
        Assert.Contains("SignedHeaders=host;x-amz-date", header, StringComparison.Ordinal);
        Assert.Contains($"Signature={signature}", header, StringComparison.Ordinal);
    }

    [Fact]
    public void The_tag_shows_who_keeps_the_machine_on_and_is_never_needed()
    {
        using var machine = new CloudMachineSession();
        machine.Start("ana", wait: false);
        string shown = machine.Cloud.Machine.Tags["wms:lease"];
        Assert.Equal($"ana@PC until {machine.Get().OwnDeadline:yyyy-MM-dd HH:mm}Z", shown);
        machine.Start("bo");
        Assert.Contains("ana@PC until ", machine.Cloud.Machine.Tags["wms:lease"], StringComparison.Ordinal);
        Assert.Contains(" / bo@PC until ", machine.Cloud.Machine.Tags["wms:lease"], StringComparison.Ordinal);
        machine.Stop("ana");
        Assert.StartsWith("bo@PC until ", machine.Cloud.Machine.Tags["wms:lease"], StringComparison.Ordinal);
        machine.Stop("bo");
        Assert.Equal("-", machine.Cloud.Machine.Tags["wms:lease"]);

        machine.Cloud.Faults.Denied = "CreateTags";
        Assert.True(machine.Start("ana").IsReady);
        Assert.Equal(InfrastructureState.Stopped, machine.Stop("ana").Machine.State);
        Assert.Equal("-", machine.Cloud.Machine.Tags["wms:lease"]);
    }

    [Theory]
    [InlineData("DOM\\ana@PC", "DOM_ana@PC until 2026-01-01 00:00Z")]
    [InlineData("zażółć <x>", "zażółć _x_ until 2026-01-01 00:00Z")]
    public void The_tag_has_only_characters_that_EC2_takes(string owner, string expected) => Assert.Equal(expected, LeaseTag.Text(
        [new Ops.Machines.Leases.Lease { Id = "x", Owner = owner, Deadline = 1767225600 }]));

    [Fact]
    public void The_tag_is_at_most_as_long_as_EC2_takes() => Assert.Equal(256, LeaseTag.Text(
        [new Ops.Machines.Leases.Lease { Id = "x", Owner = new string('a', 300) }]).Length);

    [Fact]
    public void Leftovers_say_what_they_cost()
    {
        using var machine = new CloudMachineSession();
        machine.Cloud.Objects["data/a"] = Encoding.UTF8.GetBytes("x");
        var left = new MachineRemover(machine.Session, machine.Said.Add).Leftovers(Never);
        Assert.Equal(
            [
                "instance i-0123456789abcdef0, Stopped", "disk vol-i-0123456789abcdef0, 100 GB (9.52 USD a month)",
                "address 203.0.113.7 (3.65 USD a month)", "1 objects in 'wms-bucket', 0.0 MB (0.00 USD a month)",
            ],
            left);
    }
}
