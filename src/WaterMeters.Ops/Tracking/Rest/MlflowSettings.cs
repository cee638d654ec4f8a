using System.Globalization;

namespace WaterMeters.Ops.Tracking.Rest;

/// <summary>How to reach an MLflow server: what MLflow's own client reads from the same environment variables.</summary>
public sealed class MlflowSettings
{
    /// <summary>Address of the server, with the path that a proxy puts before it; without credentials, ends with <c>/</c>.</summary>
    public required Uri Address { get; init; }

    /// <summary>User name; used together with <see cref="Password"/>.</summary>
    public string? UserName { get; init; }

    /// <summary>Password.</summary>
    public string? Password { get; init; }

    /// <summary>Token, used if there is no user name.</summary>
    public string? Token { get; init; }

    /// <summary>Workspace; null for servers without workspaces.</summary>
    public string? Workspace { get; init; }

    /// <summary>Whether any certificate is accepted: for tests with a certificate that no one signed.</summary>
    public bool AcceptsAnyCertificate { get; init; }

    /// <summary>Time without data after which the server counts as lost.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>How often a request is repeated at most.</summary>
    public int Retries { get; init; } = 5;

    /// <summary>Time before a request is repeated; it doubles each time.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>Longest time that a server may ask to wait (Retry-After) before the request fails instead.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Where S3 artifacts are if not at Amazon; null: at Amazon.</summary>
    public Uri? S3Endpoint { get; init; }

    /// <summary>Reads the settings.</summary>
    /// <param name="address">The server: <c>http(s)://[USER:PASSWORD@]HOST[:PORT][/PATH]</c>.</param>
    /// <param name="variable">Returns the value of an environment variable, or null.</param>
    /// <exception cref="TrackingException">
    /// <see cref="TrackingFault.UnsupportedAddress"/>; <see cref="TrackingFault.InvalidValue"/>: a variable has no usable value.
    /// </exception>
    public static MlflowSettings Read(string address, Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        if (!Uri.TryCreate(address?.Trim(), UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0)
        {
            throw new TrackingException(
                TrackingFault.UnsupportedAddress,
                WithoutCredentials(address ?? ""),
                $"'{WithoutCredentials(address ?? "")}' is not the address of an MLflow server. "
                    + "Use http://HOST:PORT or https://HOST/PATH in MLFLOW_TRACKING_URI.");
        }

        string? Text(string name) => variable(name) is { Length: > 0 } value ? value : null;
        string[] inAddress = uri.UserInfo.Split(':', 2);
        var values = new MlflowSettings
        {
            Address = new Uri(uri.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped) + uri.AbsolutePath.TrimEnd('/') + "/"),
            UserName = Text("MLFLOW_TRACKING_USERNAME") ?? (inAddress.Length == 2 ? Uri.UnescapeDataString(inAddress[0]) : null),
            Password = Text("MLFLOW_TRACKING_PASSWORD") ?? (inAddress.Length == 2 ? Uri.UnescapeDataString(inAddress[1]) : null),
            Token = Text("MLFLOW_TRACKING_TOKEN"),
            Workspace = Text("MLFLOW_WORKSPACE"),
            AcceptsAnyCertificate = Text("MLFLOW_TRACKING_INSECURE_TLS")?.ToUpperInvariant() is "TRUE" or "1",
            S3Endpoint = Text("MLFLOW_S3_ENDPOINT_URL") is { } s3 ? Endpoint(s3) : null,
            Timeout = TimeSpan.FromSeconds(Number("MLFLOW_HTTP_REQUEST_TIMEOUT", 1, 86400) ?? 120),
            Retries = Number("MLFLOW_HTTP_REQUEST_MAX_RETRIES", 0, 100) ?? 5,
        };
        return values;

        int? Number(string name, int least, int most)
        {
            if (Text(name) is not { } text) return null;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most)
            {
                return number;
            }

            throw new TrackingException(
                TrackingFault.InvalidValue, name, $"{name} is '{text}'. Set it to a number from {least} to {most}, or remove it.");
        }
    }

    /// <summary>Returns an address without user name and password.</summary>
    public static string WithoutCredentials(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        int start = address.IndexOf("://", StringComparison.Ordinal) is >= 0 and int scheme ? scheme + 3 : 0;
        int end = address.IndexOfAny(['/', '?', '#'], start) is >= 0 and int path ? path : address.Length;
        int at = end > start ? address.LastIndexOf('@', end - 1, end - start) : -1; // a path has no host
        if (at < 0 && IsSecret(address.AsSpan(start, end - start))) at = address.LastIndexOf('@');
        return at < 0 ? address : address[..start] + address[(at + 1)..];

        // A password with a '/', '?' or '#' that is not escaped: what is before it looks like a port, but is not a number.
        static bool IsSecret(ReadOnlySpan<char> host) =>
            host.Length > 0 && host[0] != '[' && host.IndexOf(':') is >= 0 and int colon
            && host[(colon + 1)..].ContainsAnyExceptInRange('0', '9');
    }

    /// <summary>Returns the address: settings hold secrets, and must not show them in a log.</summary>
    public override string ToString() => Address.ToString();

    private static Uri Endpoint(string text)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var endpoint) && endpoint.Scheme is "http" or "https") return endpoint;
        throw new TrackingException(
            TrackingFault.InvalidValue,
            "MLFLOW_S3_ENDPOINT_URL",
            $"MLFLOW_S3_ENDPOINT_URL is '{WithoutCredentials(text)}'. Set it to an address such as https://s3.example.com, or remove it.");
    }
}
