using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ops.Aws;
using WaterMeters.Ops.Versioning.Repositories;

namespace WaterMeters.Ops.Versioning.Stores;

/// <summary>What the exceptions of Amazon's client mean, and which setting is concerned.</summary>
/// <param name="remote">The remote.</param>
internal sealed class S3Errors(RemoteSettings remote)
{
    /// <summary>Returns whether an object is not there.</summary>
    public static bool IsMissing(Exception e) =>
        e is AmazonS3Exception { StatusCode: HttpStatusCode.NotFound } found && found.ErrorCode != "NoSuchBucket";

    /// <summary>Returns the error to report.</summary>
    public Exception From(Exception e) => e switch
    {
        AmazonS3Exception { ErrorCode: "NoSuchBucket" } => Create(DatasetVersionFault.RemoteUnavailable, e,
            $"There is no bucket of {Name}, '{remote.Address}'. Create it, or correct the url in '{remote.ConfigPath}'."),
        _ when AwsFailures.IsExpired(e) => Create(DatasetVersionFault.AccessDenied, e,
            $"The credentials of {Name} have expired. {Credentials} Log in again (`aws sso login`), and run the cmdlet again: "
            + "it continues where it stopped."),
        AmazonS3Exception { StatusCode: HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized } denied => Create(
            DatasetVersionFault.AccessDenied, e,
            $"S3 denies {Name}, '{remote.Address}': {denied.ErrorCode ?? denied.StatusCode.ToString()}. {Credentials}"),
        AmazonS3Exception { StatusCode: HttpStatusCode.MovedPermanently or HttpStatusCode.TemporaryRedirect } => Region(e),
        AmazonS3Exception { ErrorCode: "AuthorizationHeaderMalformed" or "PermanentRedirect" } => Region(e),
        AmazonServiceException { StatusCode: not 0 } service => Create(DatasetVersionFault.RemoteUnavailable, e,
            $"S3 does not serve {Name}, '{remote.Address}': {service.ErrorCode ?? service.StatusCode.ToString()}. "
            + $"Check its settings in '{remote.ConfigPath}', and try again later."),
        AmazonClientException when AwsFailures.IsAboutCredentials(e)
            || e.InnerException is not (HttpRequestException or IOException) => Create(
            DatasetVersionFault.AccessDenied, e, $"There are no credentials for {Name}, '{remote.Address}': {e.Sentence()} {Credentials}"),
        _ => Create(DatasetVersionFault.RemoteUnavailable, e,
            $"Cannot reach {Name}, '{remote.Address}': {(e.InnerException ?? e).Sentence()} Check the network"
            + (remote.Endpoint is null ? ", and try again." : $" and its endpointurl, {remote.Endpoint}, and try again.")),
    };

    private string Name => $"the remote '{remote.Name}'";

    private string Credentials => remote switch
    {
        { AccessKey: not null } => $"Check access_key_id and secret_access_key of the remote in '{remote.ConfigPath}'.",
        { Profile: { } profile } => $"Check the profile '{profile}', which the remote names in '{remote.ConfigPath}'.",
        _ => "Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or profile of the remote.",
    };

    private DatasetVersionException Region(Exception e) => Create(DatasetVersionFault.RemoteUnavailable, e,
        $"The bucket of {Name}, '{remote.Address}', is in another region. Set region of the remote in '{remote.ConfigPath}'.");

    private DatasetVersionException Create(DatasetVersionFault fault, Exception e, string message) => new(fault, remote.Name, message, e);
}
