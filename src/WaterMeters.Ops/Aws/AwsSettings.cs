using Amazon.Runtime.CredentialManagement;
using WaterMeters.Ml.Settings;

namespace WaterMeters.Ops.Aws;

/// <summary>
/// Which account, region, bucket and machine: from the parameter, else the environment, else what AWS.Tools keep in the session, else the
/// part <c>aws</c> of wms.yaml, else the profile.
/// </summary>
public sealed record AwsSettings
{
    /// <summary>The part of wms.yaml.</summary>
    public const string Part = "aws";

    /// <summary>Name of the machine where no setting names another.</summary>
    public const string DefaultMachine = "wms";

    private static readonly string[] Names = ["region", "machine", "bucket"];

    /// <summary>Name of the profile; null: the credentials are found otherwise.</summary>
    public string? ProfileName { get; init; }

    /// <summary>Keys of the environment or of the session; null: the credentials are found otherwise.</summary>
    public AwsKeys? Keys { get; init; }

    /// <summary>The region; null when no setting names one.</summary>
    public string? Region { get; init; }

    /// <summary>Where the services are if not at Amazon; null: at Amazon.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>The bucket of the lease; null when no setting names one.</summary>
    public string? BucketName { get; init; }

    /// <summary>Name of the machine: the value of its tag <c>wms:machine</c>.</summary>
    public string Machine { get; init; } = DefaultMachine;

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
            ? new AwsKeys(access, secret, First(variable("AWS_SESSION_TOKEN"))) { Source = "AWS_ACCESS_KEY_ID" } : null;
        string? endpoint = First(given.EndpointUrl, variable("AWS_ENDPOINT_URL"));
        return new AwsSettings
        {
            ProfileName = profile,
            Keys = profile is null ? keys ?? given.SessionKeys : null,
            Region = First(given.Region, variable("AWS_REGION"), variable("AWS_DEFAULT_REGION"), given.SessionRegion,
                texts.GetValueOrDefault("region"), RegionOf(profile ?? "default")),
            Endpoint = endpoint is null ? null : Address(endpoint, given.EndpointUrl is null ? "AWS_ENDPOINT_URL" : "EndpointUrl"),
            BucketName = First(given.BucketName, texts.GetValueOrDefault("bucket")),
            Machine = First(texts.GetValueOrDefault("machine")) ?? DefaultMachine,
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

    private static Uri Address(string text, string setting) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address
            : throw new SettingsException(setting, $"'{text}' of {setting} is not an http(s) address. Correct it, or leave it out.");

    /// <summary>The region that a profile names.</summary>
    private static string? RegionOf(string profile)
    {
        try
        {
            return new CredentialProfileStoreChain().TryGetProfile(profile, out var found) ? found.Region?.SystemName : null;
        }
        catch (Exception e) when (e is Amazon.Runtime.AmazonClientException or IOException or UnauthorizedAccessException)
        {
            return null; // the credentials come from the same file, and say so
        }
    }
}
