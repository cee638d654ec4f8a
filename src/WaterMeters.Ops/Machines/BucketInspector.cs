using WaterMeters.Ops.Aws;
using WaterMeters.Ops.Http;
using WaterMeters.Ops.Machines.Leases;

namespace WaterMeters.Ops.Machines;

/// <summary>Checks whether the bucket of the lease is there and can be read, by reading the lease object. Nothing is written.</summary>
public static class BucketInspector
{
    /// <summary>Name of the check.</summary>
    public const string Name = "AWS bucket";

    /// <summary>Runs the check.</summary>
    /// <param name="settings">Which bucket.</param>
    /// <param name="credentials">The result of the check of the credentials: without them the bucket says nothing.</param>
    /// <param name="isNeeded">Whether the bucket must be there, even if no setting names one.</param>
    /// <param name="limit">How long to wait altogether.</param>
    /// <param name="stop">Stops waiting.</param>
    public static EnvironmentCheck Inspect(
        AwsSettings settings, EnvironmentCheck credentials, bool isNeeded, TimeSpan limit, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(credentials);
        if (settings.BucketName is not { } bucket)
        {
            const string none = "No setting names the bucket of the lease";
            return isNeeded ? Check.Missing(Name, $"{none}.", "-BucketName NAME, or aws.bucket in wms.yaml")
                : Check.Skipped(Name, $"{none}: there is no machine to start.");
        }

        if (settings.Region is null) return Check.Skipped(Name, $"'{bucket}' was not asked: there is no region.");
        if (credentials.Status is not (EnvironmentStatus.Ok or EnvironmentStatus.Warning))
        {
            return Check.Skipped(Name, $"'{bucket}' was not asked: there are no credentials that AWS accepts.");
        }

        return Check.Within(limit, Name, token =>
        {
            using var session = new AwsSession(settings, isQuick: true);
            try
            {
                bool hasLease = new LeaseStore(session, bucket, settings.Machine).Read(token).Document.Leases.Any();
                return Check.Ok(Name, $"'{bucket}' can be read{(hasLease ? "; the machine has a lease" : "")}.");
            }
            catch (InfrastructureException e)
            {
                return Check.Missing(Name, e.Message, Remedy(settings, bucket, e.Fault));
            }
        }, stop);
    }

    private static string Remedy(AwsSettings settings, string bucket, InfrastructureFault fault) => fault switch
    {
        InfrastructureFault.WrongRegion => AwsInspector.Remedy(settings, InfrastructureFault.Refused,
            $"-Region, or aws.region in wms.yaml, with the answer of: aws s3api get-bucket-location --bucket {bucket}"),
        InfrastructureFault.NotConfigured => "Invoke-WmsTerraform, which creates it; or aws.bucket in wms.yaml with the name of another",
        InfrastructureFault.AccessDenied => "Allow s3:GetObject, s3:PutObject and s3:ListBucket on it in the policy of these credentials.",
        _ => AwsInspector.Remedy(settings, fault, $"aws s3 ls s3://{bucket}"),
    };
}
