using System.Globalization;
using System.Text.RegularExpressions;
using WaterMeters.Ml.Settings;

namespace WaterMeters.Ops.Aws;

/// <summary>
/// Which account, region, bucket and machine: from the parameter, else the environment, else what AWS.Tools keep in the session, else the
/// part <c>aws</c> of wms.yaml, else the profile.
/// </summary>
public sealed partial record AwsSettings
{
    /// <summary>The part of wms.yaml.</summary>
    public const string Part = "aws";

    /// <summary>Name of the machine where no setting names another.</summary>
    public const string DefaultMachine = "wms";

    /// <summary>Name of the profile that every AWS tool uses where no setting names another.</summary>
    public const string DefaultProfile = "default";

    private static readonly string[] Names = ["region", "machine", "bucket", "registry", "schedule_group", "scheduler_role"];

    /// <summary>Name of the profile; null: the credentials are found otherwise.</summary>
    public string? ProfileName { get; init; }

    /// <summary>Keys of the environment or of the session; null: the credentials are found otherwise.</summary>
    public AwsKeys? Keys { get; init; }

    /// <summary>The region; null when no setting names one.</summary>
    public string? Region { get; init; }

    /// <summary>Where the services are if not at Amazon; null: at Amazon.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>The address of <see cref="Endpoint"/> for messages: without a user and a password in it.</summary>
    public string? ShownEndpoint => Endpoint?.GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped);

    /// <summary>The bucket of the lease; null when no setting names one.</summary>
    public string? BucketName { get; init; }

    /// <summary>Address of the tracking server that runs on the machine; null when none does.</summary>
    public Uri? Registry { get; init; }

    /// <summary>Name of the machine: the value of its tag <c>wms:machine</c>.</summary>
    public string Machine { get; init; } = DefaultMachine;

    /// <summary>ARN of the role with which a schedule stops the machine from outside; null: there is no schedule.</summary>
    public string? SchedulerRole { get; init; }

    /// <summary>Group of that schedule.</summary>
    public string ScheduleGroup { get; init; } = "default";

    /// <summary>
    /// Whether AWS is used here: a setting names a profile, keys, an endpoint or the bucket, or there is a default profile. A region alone
    /// is no sign of it.
    /// </summary>
    public bool IsConfigured { get; init; }

    /// <summary>Where the credentials come from, for messages.</summary>
    public string Source => (ProfileName, Keys) switch
    {
        ({ } profile, _) => $"the profile '{profile}'",
        (_, { } keys) => keys.Source,
        _ => "the environment, the default profile or the role of this machine",
    };

    /// <summary>Chooses the settings; asks nobody.</summary>
    /// <param name="given">What the cmdlet was given.</param>
    /// <param name="file">The nearest wms.yaml; null when there is none.</param>
    /// <param name="warn">Called with a warning for each unknown key.</param>
    /// <param name="variable">Returns a variable of the environment; null when it is not set.</param>
    /// <exception cref="SettingsException">A value of wms.yaml is empty, or an address is not one.</exception>
    public static AwsSettings Read(AwsRequest given, SettingsFile? file, Action<string> warn, Func<string, string?> variable)
    {
        var texts = file?.Texts(Part, Names, warn) ?? [];
        string? profile = First(given.ProfileName, variable("AWS_PROFILE"));
        var keys = First(variable("AWS_ACCESS_KEY_ID")) is { } access && First(variable("AWS_SECRET_ACCESS_KEY")) is { } secret
            ? new AwsKeys(access, secret, First(variable("AWS_SESSION_TOKEN")))
            {
                Source = "AWS_ACCESS_KEY_ID",
                Expires = Time(variable("AWS_CREDENTIAL_EXPIRATION")),
            }
            : null;
        string? endpoint = First(given.EndpointUrl, variable("AWS_ENDPOINT_URL"));

        // How a role is handed to a process: https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html
        string? role = First(variable("AWS_WEB_IDENTITY_TOKEN_FILE"), variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"),
            variable("AWS_CONTAINER_CREDENTIALS_FULL_URI"));
        string? bucket = First(given.BucketName, texts.GetValueOrDefault("bucket"));
        return new AwsSettings
        {
            IsConfigured = (profile ?? endpoint ?? bucket ?? role) is not null || (keys ?? given.SessionKeys) is not null
                || AwsConnection.Profile(DefaultProfile) is not null,
            ProfileName = profile,
            Keys = profile is null ? keys ?? given.SessionKeys : null,
            Region = First(given.Region, variable("AWS_REGION"), variable("AWS_DEFAULT_REGION"), given.SessionRegion,
                texts.GetValueOrDefault("region"),
                AwsConnection.Profile(profile ?? DefaultProfile)?.Region?.SystemName),
            Endpoint = endpoint is null ? null : Address(endpoint, given.EndpointUrl is null ? "AWS_ENDPOINT_URL" : "EndpointUrl"),
            BucketName = bucket,
            Registry = First(texts.GetValueOrDefault("registry")) is { } registry ? Address(registry, "aws.registry") : null,
            Machine = First(texts.GetValueOrDefault("machine")) ?? DefaultMachine,
            SchedulerRole = First(texts.GetValueOrDefault("scheduler_role")) is not { } named ? null
                : RoleArn().IsMatch(named) ? named
                : throw new SettingsException("aws.scheduler_role",
                    $"'{named}' of aws.scheduler_role is not the ARN of a role. Use the output scheduler_role of Terraform."),
            ScheduleGroup = First(texts.GetValueOrDefault("schedule_group")) ?? "default",
        };
    }

    /// <summary>Returns the region, or says how to name it.</summary>
    /// <exception cref="InfrastructureException">No setting names one.</exception>
    public string RequireRegion() => Region ?? throw new InfrastructureException(InfrastructureFault.NotConfigured, "Region",
        "There is no AWS region. Pass -Region, or set AWS_REGION, or aws.region in wms.yaml.");

    /// <summary>Returns the bucket, or says how to name it.</summary>
    /// <exception cref="InfrastructureException">No setting names one.</exception>
    public string RequireBucket() => BucketName ?? throw new InfrastructureException(InfrastructureFault.NotConfigured, "BucketName",
        "There is no bucket for the lease of the machine. Pass -BucketName, or set aws.bucket in wms.yaml.");

    private static string? First(params ReadOnlySpan<string?> values)
    {
        foreach (string? value in values)
        {
            if (!string.IsNullOrWhiteSpace(value)) return value.Trim();
        }

        return null;
    }

    [GeneratedRegex("^arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]+$", RegexOptions.CultureInvariant)]
    private static partial Regex RoleArn();

    private static Uri Address(string text, string setting) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address
            : throw new SettingsException(setting, $"'{text}' of {setting} is not an http(s) address. Correct it, or leave it out.");

    private static DateTime? Time(string? text) => DateTimeOffset.TryParse(
        text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.UtcDateTime : null;
}
