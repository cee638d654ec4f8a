using Amazon.Runtime;

namespace WaterMeters.Ops.Aws;

/// <summary>The values of AWS credentials, to be passed on. Nothing prints them.</summary>
/// <param name="AccessKey">AWS_ACCESS_KEY_ID.</param>
/// <param name="SecretKey">AWS_SECRET_ACCESS_KEY.</param>
/// <param name="SessionToken">AWS_SESSION_TOKEN; null for keys that do not expire.</param>
public sealed record AccessKeys(string AccessKey, string SecretKey, string? SessionToken)
{
    /// <summary>Reads the credentials of a profile, as every AWS tool does.</summary>
    /// <param name="profile">Name of the profile.</param>
    /// <param name="path">The credentials file; null for the usual places.</param>
    /// <exception cref="SettingsException">There is no such profile, or it leads to no credentials.</exception>
    public static AccessKeys Read(string profile, string? path = null)
    {
        try
        {
            if (AwsConnection.ProfileCredentials(profile, path) is { } credentials)
            {
                var keys = credentials.GetCredentials();
                return new(keys.AccessKey, keys.SecretKey, keys.UseToken ? keys.Token : null);
            }
        }
        catch (AmazonClientException e)
        {
            throw new SettingsException("ProfileName",
                $"The profile '{profile}' gives no credentials: {e.Message.TrimEnd('.')}. Log in again, for example with "
                + $"`aws sso login --profile {profile}`, or name another profile with -ProfileName.", e);
        }

        throw new SettingsException("ProfileName",
            $"There is no profile '{profile}' with credentials. Create it with `aws configure --profile {profile}`, or name another with "
            + "-ProfileName.");
    }

    /// <inheritdoc/>
    public override string ToString() => nameof(AccessKeys);
}
