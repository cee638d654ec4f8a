using Amazon.Runtime;

namespace WaterMeters.Ops.Aws;

/// <summary>Keys of the environment, or as AWS.Tools keep them in a session. The text of this type never has the secret in it.</summary>
/// <param name="access">Identifier of the key.</param>
/// <param name="secret">Its secret.</param>
/// <param name="token">Token of temporary credentials; null: they are not temporary.</param>
public sealed class AwsKeys(string access, string secret, string? token)
{
    /// <summary>Where they come from, for messages.</summary>
    public string Source { get; init; } = "Set-AWSCredential";

    /// <summary>Returns the credentials for a client.</summary>
    internal AWSCredentials Credentials =>
        string.IsNullOrEmpty(token) ? new BasicAWSCredentials(access, secret) : new SessionAWSCredentials(access, secret, token);

    /// <inheritdoc/>
    public override string ToString() => $"keys of {Source}";
}
