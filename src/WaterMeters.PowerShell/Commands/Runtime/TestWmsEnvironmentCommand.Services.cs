using System.Management.Automation;
using WaterMeters.Ops.Aws;
using WaterMeters.Ops.Git;
using WaterMeters.Ops.GitHub;
using WaterMeters.Ops.Machines;
using WaterMeters.Ops.Machines.Tunnels;
using WaterMeters.Ops.Terraform;
using WaterMeters.PowerShell.Errors;

namespace WaterMeters.PowerShell.Commands.Runtime;

// What cmdlets need of other services and programs: AWS, GitHub, terraform, session-manager-plugin.
public sealed partial class TestWmsEnvironmentCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>The bucket of the machine's lease.</summary>
    [Parameter]
    [PSDefaultValue(Help = "aws.bucket of wms.yaml")]
    [ValidateNotNullOrEmpty]
    public string? BucketName { get; set; }

    /// <summary>The AWS region.</summary>
    [Parameter]
    [PSDefaultValue(Help = "AWS_REGION, Set-DefaultAWSRegion, aws.region of wms.yaml, or that of the profile")]
    [ValidateNotNullOrEmpty]
    public string? Region { get; set; }

    /// <summary>The profile with the AWS credentials.</summary>
    [Parameter]
    [PSDefaultValue(Help = "AWS_PROFILE, AWS_ACCESS_KEY_ID, Set-AWSCredential, or the default profile")]
    [Alias("AWSProfileName", "StoredCredentials")]
    [ValidateNotNullOrEmpty]
    public string? ProfileName { get; set; }

    /// <summary>The http(s) address of a service with AWS's interface.</summary>
    [Parameter]
    [PSDefaultValue(Help = "AWS_ENDPOINT_URL, or Amazon's own services")]
    [ValidateNotNullOrEmpty]
    public string? EndpointUrl { get; set; }

    /// <summary>Returns the checks that are asked for; the settings are read now, on the pipeline's thread.</summary>
    private Func<CancellationToken, IEnumerable<EnvironmentCheck>> Services(string location)
    {
        bool isAws = IsAsked(AwsInspector.Credentials) || IsAsked(BucketInspector.Name);
        var settings = isAws || IsAsked(SessionPluginInspector.Name) ? ReadAws() : null;
        return stop =>
        {
            // At the same time: each may wait for its limit.
            var github = Start(IsAsked(TokenInspector.Name), () => TokenInspector.Inspect(
                Origin(location, stop), Environment.GetEnvironmentVariable, IsNeeded(TokenInspector.Name), Limit, stop));
            var terraform = Start(IsAsked(TerraformInspector.Name), () => TerraformInspector.Inspect(
                location, IsNeeded(TerraformInspector.Name), Limit, stop));
            var plugin = settings is not null && IsAsked(SessionPluginInspector.Name)
                ? Task.Run(() => SessionPluginInspector.Inspect(settings, Limit, stop)) : null;
            var aws = settings is null || !isAws ? [] : Aws(settings, stop);
            EnvironmentCheck?[] others =
                [github?.GetAwaiter().GetResult(), terraform?.GetAwaiter().GetResult(), plugin?.GetAwaiter().GetResult()];
            return aws.Concat(others.OfType<EnvironmentCheck>());
        };
    }

    private List<EnvironmentCheck> Aws(AwsSettings settings, CancellationToken stop)
    {
        var credentials = AwsInspector.InspectCredentials(settings, IsNeeded(AwsInspector.Credentials), Limit, stop);
        List<EnvironmentCheck> checks = [credentials];
        if (IsAsked(AwsInspector.Region)) checks.Add(AwsInspector.InspectRegion(settings, IsNeeded(AwsInspector.Region)));
        if (IsAsked(BucketInspector.Name))
        {
            checks.Add(BucketInspector.Inspect(settings, credentials, IsNeeded(BucketInspector.Name), Limit, stop));
        }

        return checks;
    }

    /// <summary>Settings that cannot be used are an error; the other checks follow.</summary>
    private AwsSettings? ReadAws()
    {
        try
        {
            var given = new AwsRequest
            {
                ProfileName = ProfileName,
                Region = Region,
                EndpointUrl = EndpointUrl,
                BucketName = BucketName,
            };
            return ReadAwsSettings(given, _ => { });
        }
        catch (SettingsException e)
        {
            WriteError(WmsErrors.From(e));
            return null;
        }
    }

    private static Task<EnvironmentCheck>? Start(bool isAsked, Func<EnvironmentCheck> check) => isAsked ? Task.Run(check) : null;

    private static GitHubRepository? Origin(string location, CancellationToken stop)
    {
        try
        {
            return RemoteAddress.Find(location, "origin", stop) is { } address ? GitHubRepository.TryParse(address) : null;
        }
        catch (GitException)
        {
            return null; // in no repository, or without git: the token is checked by itself
        }
    }
}
