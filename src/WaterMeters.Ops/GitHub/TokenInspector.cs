using System.Globalization;
using WaterMeters.Ops.Http;

namespace WaterMeters.Ops.GitHub;

/// <summary>
/// Checks what the token for GitHub may do. GitHub names the scopes of a classic token and the end of any token in the headers of each
/// answer (https://docs.github.com/rest/authentication); of a fine-grained token, only trying shows the permissions.
/// </summary>
public static class TokenInspector
{
    /// <summary>Name of the check.</summary>
    public const string Name = "GitHub token";

    private const string ScopesHeader = "X-OAuth-Scopes", EndHeader = "github-authentication-token-expiration", Scope = "repo";
    private const string FromGh = "$env:GH_TOKEN = gh auth token", NewToken = "https://github.com/settings/personal-access-tokens/new";

    private static readonly TimeSpan Soon = TimeSpan.FromDays(7);

    /// <summary>Runs the check. Nothing is written.</summary>
    /// <param name="repository">The repository whose secrets a fine-grained token is tried with; null: none is known.</param>
    /// <param name="variable">Returns the value of an environment variable.</param>
    /// <param name="isNeeded">Whether there must be a token.</param>
    /// <param name="limit">How long to wait altogether.</param>
    /// <param name="stop">Stops waiting.</param>
    public static EnvironmentCheck Inspect(
        GitHubRepository? repository, Func<string, string?> variable, bool isNeeded, TimeSpan limit, CancellationToken stop)
    {
        try
        {
            if (GitHubConnection.TryOpen(repository, variable) is { } connection)
            {
                return Check.Within(limit, Name, token => Ask(connection, repository, token), stop);
            }
        }
        catch (SettingsException e)
        {
            return Check.Missing(Name, e.Message, "Remove-Item Env:GITHUB_API_URL, or correct it");
        }

        const string none = "Neither GH_TOKEN nor GITHUB_TOKEN is set";
        return isNeeded ? Check.Missing(Name, $"{none}.", $"gh auth login --scopes {Scope}; {FromGh}")
            : Check.Skipped(Name, $"{none}: only Set-WmsSecret needs one.");
    }

    private static EnvironmentCheck Ask(GitHubConnection connection, GitHubRepository? repository, CancellationToken stop)
    {
        try
        {
            var headers = connection.Headers(stop);
            string? end = headers.GetValueOrDefault(EndHeader);
            string token = $"The token in {connection.TokenVariable}{(end is null ? "" : $", valid until {end},")}";
            var check = headers.TryGetValue(ScopesHeader, out string? scopes)
                ? OfClassic(token, scopes) : OfFineGrained(connection, repository, token, stop);
            return check.Status == EnvironmentStatus.Ok && IsSoon(end)
                ? Check.Warning(Name, check.Detail, $"Create a new one: {NewToken}") : check;
        }
        catch (GitHubException e)
        {
            return Check.Missing(Name, e.Message, e.Fault == GitHubFault.AccessDenied ? $"gh auth login --scopes {Scope}; {FromGh}"
                : "Check the network, HTTPS_PROXY and GITHUB_API_URL.");
        }
    }

    private static EnvironmentCheck OfClassic(string token, string text)
    {
        string[] scopes = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        string list = scopes.Length == 0 ? "no scopes" : $"the scopes {string.Join(", ", scopes)}";
        return scopes.Contains(Scope, StringComparer.OrdinalIgnoreCase) ? Check.Ok(Name, $"{token} has {list}.")
            : Check.Missing(Name, $"{token} has {list}, but not '{Scope}'.", $"gh auth refresh --scopes {Scope}; {FromGh}");
    }

    private static EnvironmentCheck OfFineGrained(
        GitHubConnection connection, GitHubRepository? repository, string token, CancellationToken stop)
    {
        if (connection.IsWorkflowToken)
        {
            return Check.Warning(Name, $"{token} is that of a workflow, which can never write secrets.", $"{FromGh}, on your computer");
        }

        if (repository is null)
        {
            return Check.Ok(Name, $"{token} is fine-grained: GitHub shows what it may do for one repository only, and the current location "
                + "has no remote 'origin' on GitHub.");
        }

        try
        {
            new RepositorySecrets(connection).CheckAccess(stop);
            return Check.Ok(Name, $"{token} is fine-grained and reaches the secrets of '{repository}'.");
        }
        catch (GitHubException e) when (e.Fault is GitHubFault.AccessDenied or GitHubFault.NotFound)
        {
            return Check.Missing(Name, $"{token} is fine-grained and does not reach the secrets of '{repository}'.",
                $"Create one with the permission 'Secrets: write' for '{repository}': {NewToken}");
        }
    }

    private static bool IsSoon(string? end) => DateTimeOffset.TryParse(
        end?.Replace("UTC", "Z", StringComparison.Ordinal), CultureInfo.InvariantCulture, out var time)
        && time - DateTimeOffset.UtcNow < Soon;
}
