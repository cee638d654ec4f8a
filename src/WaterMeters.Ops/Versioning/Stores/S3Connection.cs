using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using WaterMeters.Ops.Aws;
using WaterMeters.Ops.Versioning.Repositories;

namespace WaterMeters.Ops.Versioning.Stores;

/// <summary>
/// Requests to S3: repeated with growing pauses, and with new credentials when the old ones expire in the middle of the work. Credentials
/// and region are those of the remote, or found as every AWS tool finds them.
/// </summary>
internal sealed class S3Connection : IDisposable
{
    private readonly RemoteSettings remote;
    private readonly AwsRequests<AmazonS3Client> requests;

    /// <summary>Creates the connection; nothing is sent yet.</summary>
    public S3Connection(RemoteSettings remote, S3Options options)
    {
        (this.remote, Errors) = (remote, new S3Errors(remote));
        requests = new AwsRequests<AmazonS3Client>(Connect, options.Retries, options.RetryDelay);
    }

    /// <summary>Its errors.</summary>
    public S3Errors Errors { get; }

    /// <summary>Sends a request, and repeats it if need be.</summary>
    /// <param name="request">Sends the request; called once for each attempt.</param>
    /// <param name="stop">Stops the work.</param>
    /// <param name="otherwise">Returns the exception to throw for a failure that is an answer; null for any other.</param>
    /// <exception cref="DatasetVersionException">What failed at last, and which setting is concerned.</exception>
    public T Ask<T>(Func<AmazonS3Client, Task<T>> request, CancellationToken stop, Func<Exception, Exception?>? otherwise = null) =>
        requests.Ask(request, e => otherwise?.Invoke(e) ?? Errors.From(e), stop);

    /// <inheritdoc/>
    public void Dispose() => requests.Dispose();

    private AmazonS3Client Connect()
    {
        var config = new AmazonS3Config { MaxErrorRetry = 0, MaxStaleConnectionRetries = 0, ThrottleRetries = false };
        if (remote.Endpoint is not null)
        {
            config.ServiceURL = remote.Endpoint.ToString();
            AwsConnection.ForOtherService(config);
            config.AuthenticationRegion = remote.Region ?? Environment.GetEnvironmentVariable("AWS_REGION") ?? "us-east-1";
        }
        else if (remote.Region is not null)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(remote.Region);
        }

        return Credentials() is { } credentials ? new AmazonS3Client(credentials, config) : new AmazonS3Client(config);
    }

    private AWSCredentials? Credentials()
    {
        if (remote is { AccessKey: { } key, SecretKey: { } secret })
        {
            return remote.SessionToken is { } token ? new SessionAWSCredentials(key, secret, token) : new BasicAWSCredentials(key, secret);
        }

        if (remote.Profile is null && remote.CredentialPath is null) return null;
        string profile = remote.Profile ?? Environment.GetEnvironmentVariable("AWS_PROFILE") ?? "default";
        return AwsConnection.ProfileCredentials(profile, remote.CredentialPath) ?? throw new DatasetVersionException(
            DatasetVersionFault.AccessDenied, remote.Name,
            $"There is no profile '{profile}' with credentials, which the remote '{remote.Name}' names in '{remote.ConfigPath}'. "
            + "Create it with `aws configure`, or correct profile and credentialpath.");
    }
}
