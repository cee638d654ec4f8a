using System.Net;
using System.Text.RegularExpressions;
using Amazon.Runtime;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ops.Aws;

/// <summary>
/// Says of a failure of EC2, S3, STS or SSM what is wrong and what to do. Messages have the code of AWS's answer and never its text, which
/// can contain parts of the request.
/// </summary>
/// <param name="settings">Account and region.</param>
internal sealed partial class AwsErrors(AwsSettings settings)
{
    private static readonly string[] Invalid =
    [
        "AuthFailure", "InvalidClientTokenId", "UnrecognizedClientException", "UnrecognizedClient", "InvalidAccessKeyId", "InvalidToken",
        "SignatureDoesNotMatch", "InvalidSignatureException", "MissingAuthenticationToken", "IncompleteSignature",
    ];

    private static readonly string[] Denied =
        ["UnauthorizedOperation", "AccessDenied", "AccessDeniedException", "UnauthorizedAccess", "AllAccessDisabled", "Forbidden"];

    private static readonly string[] Limits =
        ["VcpuLimitExceeded", "InstanceLimitExceeded", "ResourceLimitExceeded", "MaxIOPSLimitExceeded", "VolumeLimitExceeded"];

    private static readonly string[] Regions =
        ["OptInRequired", "AuthorizationHeaderMalformed", "PermanentRedirect", "IllegalLocationConstraintException"];

    /// <summary>Returns the error to report.</summary>
    /// <param name="e">What Amazon's client says.</param>
    /// <param name="service">EC2, S3, STS or SSM.</param>
    /// <param name="target">The machine or bucket concerned.</param>
    public InfrastructureException From(Exception e, string service, string target)
    {
        string code = (e as AmazonServiceException)?.ErrorCode ?? "";
        if (AwsFailures.IsExpired(e))
        {
            return Create(InfrastructureFault.CredentialsExpired,
                $"The AWS credentials have expired ({(code.Length > 0 ? code : "single sign-on")}; they come from {settings.Source}). "
                + $"{AwsRenewal.Sentence(settings)} and run the cmdlet again.");
        }

        if (Array.IndexOf(Invalid, code) >= 0)
        {
            return Create(InfrastructureFault.CredentialsInvalid,
                $"{service} does not accept the AWS credentials ({code}; they come from {settings.Source}). Check the access key, its "
                + $"secret and its token, the clock of this computer, and that the region '{settings.Region}' is enabled.");
        }

        if (Array.IndexOf(Regions, code) >= 0
            || e is AmazonServiceException { StatusCode: HttpStatusCode.MovedPermanently or HttpStatusCode.TemporaryRedirect })
        {
            return Create(InfrastructureFault.WrongRegion,
                $"'{target}' is not in the region '{settings.Region}', or the account has not enabled it ({code}). "
                + "Pass its region with -Region, or set AWS_REGION or aws.region in wms.yaml.");
        }

        if (Array.IndexOf(Denied, code) >= 0 || (code.Length == 0
            && e is AmazonServiceException { StatusCode: HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized }))
        {
            string action = ActionIn().Match(e.Message) is { Success: true } match ? $" '{match.Groups[1].Value}'" : "";
            return Create(InfrastructureFault.AccessDenied,
                $"The AWS credentials may not do this{action} with '{target}' ({service}: {(code.Length > 0 ? code : "403")}; they come "
                + $"from {settings.Source}). Use credentials that may, or add the permission to their policy.");
        }

        if (AwsFailures.IsCapacity(e))
        {
            return Create(InfrastructureFault.NoCapacity,
                $"AWS has no capacity for the instance type of '{target}' in its zone now ({code}). Try again later, or use -RetryFor 1h, "
                + "or -AlternativeType with another type.");
        }

        if (Array.IndexOf(Limits, code) >= 0)
        {
            return Create(InfrastructureFault.LimitReached,
                $"A quota of the AWS account is used up ({code}). Stop other instances, or ask AWS for a higher quota.");
        }

        if (AwsFailures.IsThrottled(e))
        {
            return Create(InfrastructureFault.Throttled,
                $"{service} refuses requests because there were too many ({code}), also after several attempts. Try again in a minute.");
        }

        return code switch
        {
            "NoSuchBucket" => Create(InfrastructureFault.NotConfigured,
                $"There is no bucket '{target}'. Create it, or correct -BucketName or aws.bucket in wms.yaml."),
            "InvalidInstanceID.NotFound" or "InvalidInstanceID.Malformed" => Create(InfrastructureFault.NotFound,
                $"There is no instance '{target}' in the region '{settings.Region}'. Check -InstanceId and -Region."),
            _ when e is AmazonServiceException { StatusCode: not 0 } refused => Create(InfrastructureFault.Refused,
                $"{service} refuses the request for '{target}': {(code.Length > 0 ? code : refused.StatusCode.ToString())}. "
                + "Check its state with Get-WmsInfrastructure, and try again."),
            _ when AwsFailures.IsAboutCredentials(e) => Create(InfrastructureFault.CredentialsMissing,
                $"There are no AWS credentials (looked in {settings.Source}). Pass -ProfileName, or set AWS_PROFILE, or AWS_ACCESS_KEY_ID "
                + "and AWS_SECRET_ACCESS_KEY, or use Set-AWSCredential."),
            _ => Create(InfrastructureFault.Unreachable,
                $"Cannot reach {service} {(settings.ShownEndpoint is { } at ? $"at {at}" : $"in the region '{settings.Region}'")}: "
                + $"{(e.InnerException ?? e).Sentence()} Check the network, the name of the region and the proxy, and try again."),
        };

        InfrastructureException Create(InfrastructureFault fault, string message) => new(fault, target, message, e);
    }

    [GeneratedRegex(@"perform:? ([a-z0-9-]+:[A-Za-z]+)", RegexOptions.CultureInvariant)]
    private static partial Regex ActionIn();
}
