using System.Globalization;
using Amazon;
using Amazon.EC2;
using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Amazon.Runtime.Internal;
using Amazon.S3;
using Amazon.SecurityToken;
using Amazon.SimpleSystemsManagement;

namespace WaterMeters.Ops.Aws;

/// <summary>The clients of an account and region. Nothing is sent, and no credentials are looked for, before the first request.</summary>
internal sealed class AwsSession : IDisposable
{
    private const int Repetitions = 5;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.5), Timeout = TimeSpan.FromSeconds(30),
        ShortTimeout = TimeSpan.FromSeconds(5);

    private readonly AwsRequests<AmazonEC2Client> ec2;
    private readonly AwsRequests<AmazonS3Client> s3;
    private readonly AwsRequests<AmazonSecurityTokenServiceClient> sts;
    private readonly AwsRequests<AmazonSimpleSystemsManagementClient> ssm;
    private readonly AwsRequests<AwsJsonClient> pricing, scheduler;
    private readonly AwsErrors errors;
    private readonly TimeProvider clock;
    private readonly TimeSpan timeout;
    private long? serverTime;

    /// <summary>Creates the session.</summary>
    /// <param name="settings">Account and region.</param>
    /// <param name="time">The clock of pauses between attempts; null: that of the system.</param>
    /// <param name="isQuick">Whether requests are sent once, and wait 5 seconds for an answer instead of 30: for checks.</param>
    public AwsSession(AwsSettings settings, TimeProvider? time = null, bool isQuick = false)
    {
        timeout = isQuick ? ShortTimeout : Timeout;
        (Settings, errors, clock) = (settings, new AwsErrors(settings), time ?? TimeProvider.System);
        ec2 = Requests(() => Connect(new AmazonEC2Config(), c => new AmazonEC2Client(c), (k, c) => new AmazonEC2Client(k, c)));
        s3 = Requests(() => Observed(
            Connect(S3Config(settings), c => new AmazonS3Client(c), (k, c) => new AmazonS3Client(k, c))));
        sts = Requests(() => Connect(new AmazonSecurityTokenServiceConfig(),
            c => new AmazonSecurityTokenServiceClient(c), (k, c) => new AmazonSecurityTokenServiceClient(k, c)));
        ssm = Requests(() => Connect(new AmazonSimpleSystemsManagementConfig(),
            c => new AmazonSimpleSystemsManagementClient(c), (k, c) => new AmazonSimpleSystemsManagementClient(k, c)));
        pricing = Requests(ConnectPricing);
        scheduler = Requests(ConnectScheduler);

        AwsRequests<T> Requests<T>(Func<T> connect) where T : class, IDisposable =>
            new(connect, isQuick ? 0 : Repetitions, Pause, time);
    }

    /// <summary>Account and region.</summary>
    public AwsSettings Settings { get; }

    /// <summary>Unix seconds by the clock of S3, at its last answer; by that of this computer before the first.</summary>
    public long ServerTime => serverTime ?? clock.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>Sends a request to EC2.</summary>
    /// <param name="request">Sends it.</param>
    /// <param name="target">The machine, for messages.</param>
    /// <param name="stop">Stops the work.</param>
    /// <param name="isOnce">Whether it is never repeated.</param>
    /// <param name="otherwise">Returns the exception to throw for a failure that is an answer; null for any other.</param>
    /// <exception cref="InfrastructureException">What failed at last.</exception>
    public T Ec2<T>(Func<AmazonEC2Client, Task<T>> request, string target, CancellationToken stop, bool isOnce = false,
        Func<Exception, Exception?>? otherwise = null) =>
        ec2.Ask(request, e => otherwise?.Invoke(e) ?? errors.From(e, "EC2", target), stop, isOnce);

    /// <summary>Sends a request to S3; see <see cref="Ec2"/>.</summary>
    /// <exception cref="InfrastructureException">What failed at last.</exception>
    public T S3<T>(Func<AmazonS3Client, Task<T>> request, string bucket, CancellationToken stop, bool isOnce = false,
        Func<Exception, Exception?>? otherwise = null) =>
        s3.Ask(request, e =>
        {
            if (e.InnerException is HttpErrorResponseException { Response: { } answer }) Observe(answer.GetHeaderValue("Date"));
            return otherwise?.Invoke(e) ?? errors.From(e, "S3", bucket);
        }, stop, isOnce);

    /// <summary>Sends a request to STS; see <see cref="Ec2"/>.</summary>
    /// <exception cref="InfrastructureException">What failed at last.</exception>
    public T Sts<T>(Func<AmazonSecurityTokenServiceClient, Task<T>> request, CancellationToken stop) =>
        sts.Ask(request, e => errors.From(e, "STS", Settings.Source), stop);

    /// <summary>Sends a request to SSM; see <see cref="Ec2"/>.</summary>
    /// <exception cref="InfrastructureException">What failed at last.</exception>
    public T Ssm<T>(Func<AmazonSimpleSystemsManagementClient, Task<T>> request, string target, CancellationToken stop, bool isOnce = false,
        Func<Exception, Exception?>? otherwise = null) =>
        ssm.Ask(request, e => otherwise?.Invoke(e) ?? errors.From(e, "SSM", target), stop, isOnce);

    /// <summary>Sends a request to the Price List service; see <see cref="Ec2"/>.</summary>
    /// <exception cref="InfrastructureException">What failed at last.</exception>
    public T Pricing<T>(Func<AwsJsonClient, Task<T>> request, CancellationToken stop) =>
        pricing.Ask(request, e => errors.From(e, "Price List", "the prices of AWS"), stop);

    /// <summary>Sends a request to EventBridge Scheduler; see <see cref="Ec2"/>.</summary>
    /// <exception cref="InfrastructureException">What failed at last.</exception>
    public T Scheduler<T>(Func<AwsJsonClient, Task<T>> request, string schedule, CancellationToken stop,
        Func<Exception, Exception?>? otherwise = null) =>
        scheduler.Ask(request, e => otherwise?.Invoke(e) ?? errors.From(e, "EventBridge Scheduler", schedule), stop);

    /// <inheritdoc/>
    public void Dispose()
    {
        scheduler.Dispose();
        pricing.Dispose();
        ec2.Dispose();
        s3.Dispose();
        sts.Dispose();
        ssm.Dispose();
    }

    private static AmazonS3Config S3Config(AwsSettings settings)
    {
        var config = new AmazonS3Config();
        if (settings.Endpoint is not null) AwsConnection.ForOtherService(config);
        return config;
    }

    private AmazonS3Client Observed(AmazonS3Client client)
    {
        client.AfterResponseEvent += (_, e) =>
        {
            if (e is WebServiceResponseEventArgs answer && answer.ResponseHeaders.TryGetValue("Date", out string? date)) Observe(date);
        };
        return client;
    }

    private void Observe(string? date)
    {
        if (DateTimeOffset.TryParse(date, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            serverTime = time.ToUnixTimeSeconds();
        }
    }

    private T Connect<T, TConfig>(TConfig config, Func<TConfig, T> plain, Func<AWSCredentials, TConfig, T> with)
        where TConfig : ClientConfig
    {
        string region = Settings.RequireRegion();
        config.MaxErrorRetry = 0;
        config.MaxStaleConnectionRetries = 0; // of its own, beside the other: what is sent once would be sent 11 times
        config.ThrottleRetries = false;
        config.Timeout = timeout;
        if (Settings.Endpoint is { } endpoint)
        {
            config.ServiceURL = endpoint.ToString();
            config.AuthenticationRegion = region;
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        }

        return Credentials() is { } credentials ? with(credentials, config) : plain(config);
    }

    /// <summary>The Price List service has the prices of all regions, and exists in three of them.</summary>
    private AwsJsonClient ConnectPricing()
    {
        string region = Settings.RequireRegion() switch
        {
            ['e', 'u', '-', ..] => "eu-central-1",
            ['a', 'p', '-', ..] => "ap-south-1",
            _ => "us-east-1",
        };
        return ConnectJson("pricing", region, $"https://api.pricing.{region}.amazonaws.com/");
    }

    private AwsJsonClient ConnectScheduler()
    {
        string region = Settings.RequireRegion();
        return ConnectJson(
            "scheduler", region, $"https://scheduler.{region}.{RegionEndpoint.GetBySystemName(region).PartitionDnsSuffix}/");
    }

    private AwsJsonClient ConnectJson(string service, string region, string address)
    {
        var credentials = Credentials() ?? DefaultAWSCredentialsIdentityResolver.GetCredentials();
        return new AwsJsonClient(credentials, Settings.Endpoint ?? new Uri(address), region, service, timeout, clock);
    }

    /// <summary>Returns the credentials that the settings name; null: Amazon's client finds them.</summary>
    /// <exception cref="InfrastructureException">There is no such profile.</exception>
    public AWSCredentials? Credentials()
    {
        if (Settings.Keys is { } keys) return keys.Credentials;
        if (Settings.ProfileName is not { } profile) return null;
        return AwsConnection.ProfileCredentials(profile, null) ?? throw new InfrastructureException(
            InfrastructureFault.NotConfigured, profile,
            $"There is no AWS profile '{profile}' with credentials. Create it with `aws configure --profile {profile}`, or correct "
            + "-ProfileName or AWS_PROFILE.");
    }
}
