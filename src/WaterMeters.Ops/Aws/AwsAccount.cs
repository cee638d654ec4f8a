using Amazon.Runtime;
using Amazon.SecurityToken.Model;

namespace WaterMeters.Ops.Aws;

/// <summary>Asks STS whose credentials these are. No permission is needed for that, so a refusal is about the credentials.</summary>
public static class AwsAccount
{
    // STS answers in every region, and this one is never switched off.
    private const string AnyRegion = "us-east-1";

    /// <summary>Returns the keys of the profile that the settings name.</summary>
    /// <exception cref="InfrastructureException">There is no such profile, or it leads to no credentials.</exception>
    public static AwsKeys ReadProfile(AwsSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        using var session = new AwsSession(settings);
        try
        {
            var credentials = session.Credentials()!;
            var keys = credentials.GetCredentials();
            return new(keys.AccessKey, keys.SecretKey, keys.UseToken ? keys.Token : null)
            {
                Source = settings.Source,
                Expires = Expiry(credentials),
            };
        }
        catch (Exception e) when (AwsFailures.IsFailure(e))
        {
            throw new AwsErrors(settings).From(e, "STS", settings.Source);
        }
    }

    /// <summary>Asks once, and waits a few seconds for the answer.</summary>
    /// <param name="settings">Which credentials, and where STS is; without a region, one that every account has.</param>
    /// <param name="stop">Stops waiting.</param>
    /// <exception cref="InfrastructureException">The credentials are missing, wrong or expired, or STS does not answer.</exception>
    public static AwsIdentity Identify(AwsSettings settings, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(settings);
        using var session = new AwsSession(settings with { Region = settings.Region ?? AnyRegion }, isQuick: true);
        var answer = session.Sts(client => client.GetCallerIdentityAsync(new GetCallerIdentityRequest(), stop), stop);
        AWSCredentials? credentials;
        bool? isTemporary;
        try
        {
            credentials = session.Credentials();
            isTemporary = credentials?.GetCredentials().UseToken;
        }
        catch (Exception e) when (AwsFailures.IsFailure(e))
        {
            (credentials, isTemporary) = (null, null); // they were there a moment ago, and STS has accepted them
        }

        return new(answer.Account, answer.Arn, isTemporary, settings.Keys?.Expires ?? Expiry(credentials));
    }

    private static DateTime? Expiry(AWSCredentials? credentials) => credentials?.Expiration?.ToUniversalTime();
}
