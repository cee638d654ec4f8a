namespace WaterMeters.Ops.Aws;

/// <summary>How to get new AWS credentials of the kind that settings use.</summary>
internal static class AwsRenewal
{
    /// <summary>Returns a command, or an instruction that ends with a period.</summary>
    /// <param name="settings">Which credentials.</param>
    public static string Remedy(AwsSettings settings)
    {
        if (settings.ProfileName is null && settings.Keys is { } keys)
        {
            return keys.Source.StartsWith("AWS_", StringComparison.Ordinal)
                ? "Set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN again." : $"{keys.Source} with new keys";
        }

        string name = settings.ProfileName ?? AwsSettings.DefaultProfile;
        return AwsConnection.Profile(name)?.Options switch
        {
            { LoginSession.Length: > 0 } => $"aws login --profile {name}",
            { SsoAccountId.Length: > 0 } or { SsoSession.Length: > 0 } or null => $"aws sso login --profile {name}",
            { Token.Length: > 0 } => Paste(name),
            _ => $"aws configure --profile {name}",
        };
    }

    /// <summary>Returns the first half of a sentence that ends with "and run the cmdlet again".</summary>
    /// <param name="settings">Which credentials.</param>
    public static string Sentence(AwsSettings settings)
    {
        string remedy = Remedy(settings);
        return remedy.EndsWith('.') && settings.ProfileName is not null ? $"{remedy[..^1]},"
            : $"Log in again with `{(remedy.StartsWith("aws ", StringComparison.Ordinal) && settings.ProfileName is not null
                ? remedy : "aws sso login")}`, or set new ones,";
    }

    // `aws configure` does not ask for the session token, and the old one would stay.
    private static string Paste(string profile) =>
        $"Write the new aws_access_key_id, aws_secret_access_key and aws_session_token to the profile '{profile}' of ~/.aws/credentials.";
}
