using System.Net;
using Amazon.Runtime;
using WaterMeters.Ops.Aws;
using WaterMeters.Ops.Machines;
using WaterMeters.Tests.Cloud;

namespace WaterMeters.Ops.Tests.Machines;

public sealed class CredentialTests
{
    public static TheoryData<string, InfrastructureFault, string> Codes => new()
    {
        { "ExpiredToken", InfrastructureFault.CredentialsExpired, "aws sso login" },
        { "RequestExpired", InfrastructureFault.CredentialsExpired, "aws sso login" },
        { "AuthFailure", InfrastructureFault.CredentialsInvalid, "Check the access key" },
        { "InvalidAccessKeyId", InfrastructureFault.CredentialsInvalid, "Check the access key" },
        { "SignatureDoesNotMatch", InfrastructureFault.CredentialsInvalid, "clock" },
        { "OptInRequired", InfrastructureFault.WrongRegion, "-Region" },
        { "PermanentRedirect", InfrastructureFault.WrongRegion, "-Region" },
        { "UnauthorizedOperation", InfrastructureFault.AccessDenied, "Use credentials that may" },
        { "AccessDenied", InfrastructureFault.AccessDenied, "Use credentials that may" },
        { "RequestLimitExceeded", InfrastructureFault.Throttled, "Try again in a minute" },
        { "VcpuLimitExceeded", InfrastructureFault.LimitReached, "higher quota" },
        { "NoSuchThing", InfrastructureFault.Refused, "Get-WmsInfrastructure" },
    };

    [Theory]
    [MemberData(nameof(Codes))]
    public void Every_refusal_is_one_error_that_says_what_to_do(string code, InfrastructureFault fault, string remedy)
    {
        using var machine = new CloudMachineSession();
        machine.Cloud.Faults.Every = code;
        var error = Assert.Throws<InfrastructureException>(() => machine.Start());
        Assert.Equal(fault, error.Fault);
        Assert.Contains(remedy, error.Message, StringComparison.Ordinal);
        NoSecret(machine, error);
    }

    [Theory]
    [MemberData(nameof(Codes))]
    [InlineData("NoSuchBucket", InfrastructureFault.NotConfigured, "Create it")]
    [InlineData("InsufficientInstanceCapacity", InfrastructureFault.NoCapacity, "-RetryFor")]
    public void No_message_has_the_text_of_AWS(string code, InfrastructureFault fault, string remedy)
    {
        var answer = new AmazonServiceException(
            "The request 'Authorization: PLANTED-SECRET' is refused.", ErrorType.Sender, code, "id", HttpStatusCode.BadRequest);
        var error = new AwsErrors(new AwsSettings { Region = FakeCloud.Region }).From(answer, "EC2", "i-1");
        Assert.Equal(fault, error.Fault);
        Assert.Contains(remedy, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("PLANTED", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_permission_is_named()
    {
        using var machine = new CloudMachineSession();
        machine.Cloud.Faults.Denied = "StartInstances";
        var error = Assert.Throws<InfrastructureException>(() => machine.Start());
        Assert.Equal(InfrastructureFault.AccessDenied, error.Fault);
        Assert.Contains("'ec2:StartInstances'", error.Message, StringComparison.Ordinal);
        NoSecret(machine, error);
    }

    [Fact]
    public void Another_region_is_an_error_that_says_so()
    {
        using var cloud = new FakeCloud();
        using var session = new MachineSession(CloudMachineSession.Settings(cloud) with { Region = "us-east-1" }, cloud.Clock);
        var run = CloudMachineSession.Run("ana");
        var error = Assert.Throws<InfrastructureException>(
            () => new MachineReader(session).Read(null, run, TestContext.Current.CancellationToken));
        Assert.Equal(InfrastructureFault.WrongRegion, error.Fault);
    }

    [Fact]
    public void A_cloud_that_is_not_there_is_an_error_that_says_so()
    {
        AwsSettings settings;
        using (var cloud = new FakeCloud()) settings = CloudMachineSession.Settings(cloud);
        using var session = new MachineSession(settings, new CloudClock());
        var run = CloudMachineSession.Run("ana");
        var error = Assert.Throws<InfrastructureException>(
            () => new MachineReader(session).Read(null, run, TestContext.Current.CancellationToken));
        Assert.Equal(InfrastructureFault.Unreachable, error.Fault);
    }

    [Fact]
    public void Settings_come_from_the_parameter_the_environment_the_session_and_the_file_in_this_order()
    {
        var given = new AwsRequest { Region = "r1", SessionRegion = "r3", BucketName = "b1", SessionKeys = new AwsKeys("a", "s", null) };
        var variables = new Dictionary<string, string> { ["AWS_REGION"] = "r2" };
        Assert.Equal("r1", Read(given, variables).Region);
        Assert.Equal("r2", Read(given with { Region = null }, variables).Region);
        Assert.Equal("r3", Read(given with { Region = null }, []).Region);
        Assert.Equal("Set-AWSCredential", Read(given, []).Source);
        (variables["AWS_ACCESS_KEY_ID"], variables["AWS_SECRET_ACCESS_KEY"]) = ("AKIA", "s");
        Assert.Equal("AWS_ACCESS_KEY_ID", Read(given, variables).Source);
        Assert.Equal("p", Read(given with { ProfileName = "p" }, variables).ProfileName);
        Assert.Null(Read(given with { ProfileName = "p" }, []).Keys);
    }

    private static AwsSettings Read(AwsRequest given, Dictionary<string, string> variables) =>
        AwsSettings.Read(given, null, _ => { }, variables.GetValueOrDefault);

    private static void NoSecret(CloudMachineSession machine, Exception error)
    {
        string all = string.Join('\n', machine.Said) + error;
        Assert.DoesNotContain("PLANTED", all, StringComparison.Ordinal);
    }
}
