using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ops.Aws;
using WaterMeters.Ops.Machines;
using WaterMeters.PowerShell.Errors;

namespace WaterMeters.PowerShell.Commands.Infrastructure;

/// <summary>Base of the cmdlets for the machine: which account, region, bucket and instance.</summary>
public abstract class InfrastructureCmdlet : WmsCmdlet
{
    /// <summary>Identifiers of instances, also of what Get-EC2Instance returns.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [PSDefaultValue(Help = "the instance with the tag wms:machine")]
    [InstanceIdOf]
    [ValidateNotNullOrEmpty]
    public string[]? InstanceId { get; set; }

    /// <summary>The bucket of the lease.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [PSDefaultValue(Help = "aws.bucket of wms.yaml")]
    [ValidateNotNullOrEmpty]
    public string? BucketName { get; set; }

    /// <summary>The AWS region.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [PSDefaultValue(Help = "AWS_REGION, Set-DefaultAWSRegion, aws.region of wms.yaml, or that of the profile")]
    [ValidateNotNullOrEmpty]
    public string? Region { get; set; }

    /// <summary>The profile with the credentials.</summary>
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

    /// <summary>The run whose lease is meant. The same value in another session is the same lease.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [PSDefaultValue(Help = "in GitHub Actions the repository and run; elsewhere user, computer and PowerShell process")]
    [ValidateNotNullOrEmpty]
    public string? RunId { get; set; }

    /// <inheritdoc/>
    private protected override bool FailureTerminates => !MyInvocation.ExpectingInput;

    /// <summary>Who this run is.</summary>
    private protected RunIdentity Run => RunIdentity.Of(RunId, Environment.GetEnvironmentVariable);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        string?[] ids = [null];
        if (InstanceId is { Length: > 0 } given) ids = given;
        foreach (string? id in ids)
        {
            if (!TrySettings(out var settings)) return;
            MachineSession session;
            try
            {
                session = new MachineSession(settings, cache: UserFolder.Cache(Location));
            }
            catch (InfrastructureException e)
            {
                Fail(WmsErrors.From(e));
                return;
            }

            using (session) Process(session, id);
        }
    }

    /// <summary>Works on one machine.</summary>
    /// <param name="session">Its account, region and bucket.</param>
    /// <param name="instanceId">Its identifier; null: it is found by its name.</param>
    private protected abstract void Process(MachineSession session, string? instanceId);

    /// <summary>Reads the machine on the worker; null after an error.</summary>
    private protected WaterMeters.Infrastructure? Read(MachineSession session, string? instanceId)
    {
        WaterMeters.Infrastructure? found = null;
        var run = Run;
        RunOnWorker(worker => found = new MachineReader(session).Read(instanceId, run, worker.Stopping));
        return found;
    }

    private bool TrySettings([NotNullWhen(true)] out AwsSettings? settings) => TryAws(
        new AwsRequest { ProfileName = ProfileName, Region = Region, EndpointUrl = EndpointUrl, BucketName = BucketName }, out settings);
}
