using System.Text.RegularExpressions;

namespace WaterMeters.Ops.GitHub;

/// <summary>A repository of GitHub, or of a GitHub Enterprise server.</summary>
/// <param name="Owner">The user or organization.</param>
/// <param name="Name">Name of the repository.</param>
/// <param name="Host">The host of its pages, such as github.com; null if only owner and name were given.</param>
public sealed partial record GitHubRepository(string Owner, string Name, string? Host)
{
    private const string Public = "github.com";

    /// <summary>Reads owner/name, or an address that git uses for the repository.</summary>
    /// <param name="text">OWNER/NAME, https://HOST/OWNER/NAME.git, ssh://git@HOST/OWNER/NAME or git@HOST:OWNER/NAME.git.</param>
    /// <returns>The repository; null if the text has another form.</returns>
    public static GitHubRepository? TryParse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var found = Form().Match(text.Trim());
        if (!found.Success) return null;
        string host = found.Groups["host"].Value;
        return new(found.Groups["owner"].Value, found.Groups["name"].Value, host.Length == 0 ? null : host);
    }

    /// <summary>Returns the address of the API.</summary>
    /// <param name="variable">Returns the value of an environment variable. GITHUB_API_URL takes precedence over the host.</param>
    /// <exception cref="SettingsException">GITHUB_API_URL is not an address.</exception>
    public Uri ApiAddress(Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        if (variable(ApiVariable) is not { Length: > 0 } named)
        {
            return Host is null || Host.Equals(Public, StringComparison.OrdinalIgnoreCase)
                ? new Uri("https://api.github.com/")
                : new Uri($"https://{Host}/api/v3/");
        }

        if (Uri.TryCreate(named.TrimEnd('/') + "/", UriKind.Absolute, out var address) && IsSafe(address)) return address;
        throw new SettingsException(ApiVariable,
            $"{ApiVariable} is '{named}'. Set it to an https address, such as https://api.github.com, or remove it.");
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Owner}/{Name}";

    private const string ApiVariable = "GITHUB_API_URL";

    /// <summary>The token goes with every request: never in clear text over a network.</summary>
    private static bool IsSafe(Uri address) =>
        address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback);

    [GeneratedRegex(
        @"^(?:(?:https?|ssh|git)://(?:[^@/]+@)?(?<host>[^/:@]+)(?::\d+)?/|(?:[^@/:]+@)(?<host>[^/:@]+):/?)?"
        + @"(?<owner>[A-Za-z0-9][A-Za-z0-9-]*)/(?<name>[A-Za-z0-9._-]+?)(?:\.git)?/?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
