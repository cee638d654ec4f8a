using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.S3;
using Polly;
using Polly.Retry;
using WaterMeters.Ops.Versioning.Repositories;

namespace WaterMeters.Ops.Versioning.Stores;

/// <summary>
/// Requests to S3: repeated with growing pauses, and with new credentials when the old ones expire in the middle of the work. Credentials
/// and region are those of the remote, or found as every AWS tool finds them.
/// </summary>
internal sealed class S3Connection : IDisposable
{
    private readonly RemoteSettings remote;
    private readonly ResiliencePipeline retries;
    private readonly Lock renewing = new();
    private readonly List<AmazonS3Client> clients = [];

    /// <summary>Creates the connection; nothing is sent yet.</summary>
    public S3Connection(RemoteSettings remote, S3Options options)
    {
        (this.remote, Errors) = (remote, new S3Errors(remote));
        retries = options.Retries == 0 ? ResiliencePipeline.Empty : new ResiliencePipelineBuilder().AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = options.Retries,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = options.RetryDelay,
            MaxDelay = TimeSpan.FromSeconds(30),
            ShouldHandle = static args => ValueTask.FromResult(
                args.Outcome.Exception is { } e && S3Errors.IsTransient(e, args.Context.CancellationToken)),
        }).Build();
    }

    /// <summary>Its errors.</summary>
    public S3Errors Errors { get; }

    /// <summary>Sends a request, and repeats it if need be.</summary>
    /// <param name="request">Sends the request; called once for each attempt.</param>
    /// <param name="stop">Stops the work.</param>
    /// <param name="otherwise">Returns the exception to throw for a failure that is an answer; null for any other.</param>
    /// <exception cref="DatasetVersionException">What failed at last, and which setting is concerned.</exception>
    public T Ask<T>(Func<AmazonS3Client, Task<T>> request, CancellationToken stop, Func<Exception, Exception?>? otherwise = null)
    {
        int renewals = 0;
        while (true)
        {
            AmazonS3Client? client = null;
            try
            {
                client = Current();
                return retries.Execute(_ => request(client).GetAwaiter().GetResult(), stop);
            }
            catch (Exception e) when (client is not null && S3Errors.IsExpired(e) && renewals++ == 0)
            {
                Renew(client);
            }
            catch (Exception e) when (!stop.IsCancellationRequested && (e is AmazonClientException or AmazonServiceException
                or HttpRequestException or IOException or OperationCanceledException or TimeoutException))
            {
                throw otherwise?.Invoke(e) ?? Errors.From(e);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var client in clients) client.Dispose();
    }

    private AmazonS3Client Current()
    {
        lock (renewing)
        {
            if (clients.Count == 0) clients.Add(Connect());
            return clients[^1];
        }
    }

    /// <summary>
    /// Reads the credentials again: a profile, a role or a variable may have new ones. Older requests end with the old client.
    /// </summary>
    private void Renew(AmazonS3Client expired)
    {
        lock (renewing)
        {
            if (ReferenceEquals(clients[^1], expired)) clients.Add(Connect());
        }
    }

    private AmazonS3Client Connect()
    {
        var config = new AmazonS3Config { MaxErrorRetry = 0, ThrottleRetries = false };
        if (remote.Endpoint is not null)
        {
            config.ServiceURL = remote.Endpoint.ToString();
            config.ForcePathStyle = true;
            config.AuthenticationRegion = remote.Region ?? Environment.GetEnvironmentVariable("AWS_REGION") ?? "us-east-1";

            // Services other than Amazon's often do not know the checksums that Amazon added later. Content-MD5 is sent in any case.
            config.RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED;
            config.ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED;
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
        if (new CredentialProfileStoreChain(remote.CredentialPath).TryGetAWSCredentials(profile, out var credentials)) return credentials;
        throw new DatasetVersionException(DatasetVersionFault.AccessDenied, remote.Name,
            $"There is no profile '{profile}' with credentials, which the remote '{remote.Name}' names in '{remote.ConfigPath}'. "
            + "Create it with `aws configure`, or correct profile and credentialpath.");
    }
}
