using Amazon.Runtime;

namespace WaterMeters.Ops.Aws;

/// <summary>
/// Keys of the environment, of a profile, or as AWS.Tools keep them in a session. Nothing prints them: the text of this type has none.
/// </summary>
/// <param name="access">Identifier of the key.</param>
/// <param name="secret">Its secret.</param>
/// <param name="token">Token of temporary credentials; null: they are not temporary.</param>
public sealed class AwsKeys(string access, string secret, string? token)
{
    /// <summary>Where they come from, for messages.</summary>
    public string Source { get; init; } = "Set-AWSCredential";

    /// <summary>When they expire, UTC; null: never, or it is not recorded.</summary>
    public DateTime? Expires { get; init; }

    /// <summary>AWS_ACCESS_KEY_ID.</summary>
    public string AccessKey => access;

    /// <summary>AWS_SECRET_ACCESS_KEY.</summary>
    public string SecretKey => secret;

    /// <summary>AWS_SESSION_TOKEN; null for keys that are not temporary.</summary>
    public string? SessionToken => string.IsNullOrEmpty(token) ? null : token;

    /// <summary>Returns the credentials for a client.</summary>
    internal AWSCredentials Credentials =>
        SessionToken is null ? new BasicAWSCredentials(access, secret) : new SessionAWSCredentials(access, secret, token);

    /// <inheritdoc/>
    public override string ToString() => $"keys of {Source}";
}
