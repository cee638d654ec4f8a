using Amazon;
using WaterMeters.Ops.Http;

namespace WaterMeters.Ops.Aws;

/// <summary>Checks the credentials and the region of AWS. STS is asked once, and nothing is changed.</summary>
public static class AwsInspector
{
    /// <summary>Name of the check of the credentials.</summary>
    public const string Credentials = "AWS credentials";

    /// <summary>Name of the check of the region.</summary>
    public const string Region = "AWS region";

    /// <summary>With less time left, a training outlives the credentials.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromHours(1);

    /// <summary>Checks whose credentials these are, and how long they are valid.</summary>
    /// <param name="settings">Which credentials.</param>
    /// <param name="isNeeded">Whether they must be there, even if nothing is set up.</param>
    /// <param name="limit">How long to wait altogether.</param>
    /// <param name="stop">Stops waiting.</param>
    public static EnvironmentCheck InspectCredentials(AwsSettings settings, bool isNeeded, TimeSpan limit, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (!settings.IsConfigured && !isNeeded) return Skipped(Credentials);
        return Check.Within(limit, Credentials, token =>
        {
            try
            {
                return Describe(settings, AwsAccount.Identify(settings, token));
            }
            catch (InfrastructureException e)
            {
                return Check.Missing(Credentials, e.Message, Remedy(settings, e.Fault, "aws sts get-caller-identity"));
            }
        }, stop);
    }

    /// <summary>Checks that a setting names a region, and that there is one of this name. Nothing is sent.</summary>
    /// <param name="settings">Which region.</param>
    /// <param name="isNeeded">Whether it must be there, even if nothing is set up.</param>
    public static EnvironmentCheck InspectRegion(AwsSettings settings, bool isNeeded)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Region is not { } region)
        {
            return settings.IsConfigured || isNeeded
                ? Check.Missing(Region, "No setting names a region.", "$env:AWS_REGION = 'REGION', or aws.region in wms.yaml")
                : Skipped(Region);
        }

        if (settings.ShownEndpoint is { } endpoint) return Check.Ok(Region, $"'{region}', at {endpoint}.");
        string name = RegionEndpoint.GetBySystemName(region).DisplayName;
        return name.StartsWith("Unknown", StringComparison.OrdinalIgnoreCase)
            ? Check.Warning(Region, $"'{region}' is not among the regions that this module knows.", "aws account list-regions")
            : Check.Ok(Region, $"'{region}', {name}.");
    }

    /// <summary>Returns the command that fixes what is wrong.</summary>
    /// <param name="settings">Which credentials.</param>
    /// <param name="fault">What is wrong.</param>
    /// <param name="otherwise">The command that shows more, for anything that is not about credentials or region.</param>
    internal static string Remedy(AwsSettings settings, InfrastructureFault fault, string otherwise) => fault switch
    {
        InfrastructureFault.CredentialsExpired or InfrastructureFault.CredentialsInvalid => AwsRenewal.Remedy(settings),
        InfrastructureFault.CredentialsMissing => "aws configure, or -ProfileName with a profile that has credentials",
        InfrastructureFault.NotConfigured =>
            settings.ProfileName is { } missing ? $"aws configure --profile {missing}" : AwsRenewal.Remedy(settings),
        InfrastructureFault.WrongRegion => "$env:AWS_REGION = 'REGION', or aws.region in wms.yaml; `aws account list-regions` lists them",
        InfrastructureFault.Unreachable => "Check the network, HTTPS_PROXY, the region and AWS_ENDPOINT_URL.",
        InfrastructureFault.Throttled => "Try again in a minute.",
        _ => settings.ProfileName is { } profile ? $"{otherwise} --profile {profile}" : otherwise,
    };

    private static EnvironmentCheck Describe(AwsSettings settings, AwsIdentity identity)
    {
        string who = $"'{identity.Arn}', account {identity.Account}, from {settings.Source}";
        if (identity.IsTemporary is not true) return Check.Ok(Credentials, identity.IsTemporary is null ? $"{who}." : $"{who}; permanent.");
        if (identity.Expires is not { } end) return Check.Ok(Credentials, $"{who}; temporary, until a time that is not recorded.");
        var left = end - DateTime.UtcNow;
        string detail = FormattableString.Invariant($"{who}; valid until {end:u}, for {Math.Max(0, left.TotalMinutes):0} min.");
        return left < Soon ? Check.Warning(Credentials, detail, AwsRenewal.Remedy(settings)) : Check.Ok(Credentials, detail);
    }

    private static EnvironmentCheck Skipped(string name) => Check.Skipped(
        name, "AWS is not set up here: no profile, no keys, no bucket. -Cmdlet with a cmdlet that needs it checks nevertheless.");
}
