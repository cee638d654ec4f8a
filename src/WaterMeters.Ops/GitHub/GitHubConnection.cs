using System.Net;
using System.Reflection;
using Octokit;
using Octokit.Internal;

namespace WaterMeters.Ops.GitHub;

/// <summary>
/// Requests to GitHub, mostly about one repository, whose failures say what to do next. The token stands in none of them.
/// </summary>
public sealed class GitHubConnection
{
    private const string GhVariable = "GH_TOKEN", GitHubVariable = "GITHUB_TOKEN";

    private readonly GitHubClient client;
    private readonly Uri address;
    private readonly GitHubRepository? repository;

    private GitHubConnection(GitHubRepository? repository, Uri address, string tokenVariable, string token)
    {
        (this.repository, this.address, TokenVariable) = (repository, address, tokenVariable);
        IsWorkflowToken = token.StartsWith("ghs_", StringComparison.Ordinal);
        var version = typeof(GitHubConnection).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>();
        client = new GitHubClient(new Connection(
            new ProductHeaderValue("WaterMeters", version?.InformationalVersion.Split('+')[0]),
            address,
            new InMemoryCredentialStore(new Credentials(token))));
        client.SetRequestTimeout(TimeSpan.FromSeconds(60));
    }

    /// <summary>The repository.</summary>
    /// <exception cref="InvalidOperationException">The connection is about the token alone.</exception>
    public GitHubRepository Repository => repository ?? throw new InvalidOperationException("The connection has no repository.");

    /// <summary>The variable with the token.</summary>
    internal string TokenVariable { get; }

    /// <summary>Whether the token is that of a workflow or an app, which has no scopes.</summary>
    internal bool IsWorkflowToken { get; }

    /// <summary>Prepares the connection; nothing is sent yet.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="variable">Returns the value of an environment variable: GH_TOKEN or GITHUB_TOKEN, and GITHUB_API_URL.</param>
    /// <exception cref="GitHubException"><see cref="GitHubFault.AccessDenied"/>: there is no token.</exception>
    /// <exception cref="SettingsException">GITHUB_API_URL is not an address.</exception>
    public static GitHubConnection Open(GitHubRepository repository, Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(repository);
        return TryOpen(repository, variable) ?? throw new GitHubException(GitHubFault.AccessDenied, repository.ToString(),
            "There is no token for GitHub. Set GH_TOKEN or GITHUB_TOKEN, for example to the output of `gh auth token`.");
    }

    /// <summary>Prepares the connection; null when there is no token.</summary>
    /// <param name="repository">The repository; null for requests about the token alone.</param>
    /// <param name="variable">Returns the value of an environment variable.</param>
    /// <exception cref="SettingsException">GITHUB_API_URL is not an address.</exception>
    internal static GitHubConnection? TryOpen(GitHubRepository? repository, Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        foreach (string name in new[] { GhVariable, GitHubVariable })
        {
            if (variable(name)?.Trim() is not { Length: > 0 } token) continue;
            var address = (repository ?? new GitHubRepository("", "", null)).ApiAddress(variable);
            return new(repository, address, name, token);
        }

        return null;
    }

    /// <summary>Sends a request and waits for its answer.</summary>
    /// <param name="request">Sends the request.</param>
    /// <param name="permission">The permission that it needs, in GitHub's words.</param>
    /// <param name="stop">Stops waiting.</param>
    /// <exception cref="GitHubException">GitHub refuses, or does not respond.</exception>
    internal T Ask<T>(Func<IGitHubClient, Task<T>> request, string permission, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        try
        {
            return request(client).WaitAsync(stop).GetAwaiter().GetResult();
        }
        catch (Exception e) when (!stop.IsCancellationRequested
            && e is ApiException or HttpRequestException or OperationCanceledException or IOException)
        {
            throw Error(e, permission);
        }
    }

    /// <summary>Returns the headers of an answer to a request that every valid token may send.</summary>
    /// <exception cref="GitHubException">GitHub refuses the token, or does not respond.</exception>
    internal IReadOnlyDictionary<string, string> Headers(CancellationToken stop)
    {
        var answer = Ask(github => github.Connection.GetRaw(address, new Dictionary<string, string>()), "access", stop);
        return new Dictionary<string, string>(answer.HttpResponse.Headers, StringComparer.OrdinalIgnoreCase);
    }

    private string Target => repository?.ToString() ?? address.Host;

    private GitHubException Error(Exception e, string permission) => e switch
    {
        RateLimitExceededException limit => New(GitHubFault.Refused, e,
            $"GitHub accepts no more requests with this token until {limit.Reset.UtcDateTime:u}. Wait until then, or use another token."),
        SecondaryRateLimitExceededException or AbuseException => New(GitHubFault.Refused, e,
            "GitHub has received too many requests in a short time. Wait a minute and try again."),
        AuthorizationException => New(GitHubFault.AccessDenied, e,
            $"GitHub does not accept the token in {TokenVariable}: it is wrong, revoked or expired. Set another one, for example to the "
            + "output of `gh auth token`."),
        ForbiddenException => New(GitHubFault.AccessDenied, e,
            $"The token in {TokenVariable} is not allowed to do this in '{Target}'. Create one with {permission} on "
            + "https://github.com/settings/tokens."),
        NotFoundException => New(GitHubFault.NotFound, e,
            $"GitHub has no repository '{Target}', or the token in {TokenVariable} does not see it. Check the name, and that the token "
            + $"has access to it, with {permission}."),
        ApiException { StatusCode: >= HttpStatusCode.InternalServerError } api => New(GitHubFault.Unreachable, e,
            $"GitHub ('{address.Host}') answers {(int)api.StatusCode}. Try again later; https://www.githubstatus.com says what is wrong."),
        ApiException { StatusCode: not 0 } api => New(GitHubFault.Refused, e,
            $"GitHub refuses the request for '{Target}': {api.Message.TrimEnd('.')} ({(int)api.StatusCode}). Change what it names."),
        _ => New(GitHubFault.Unreachable, e,
            $"Cannot reach GitHub at '{address}': {Reason(e).TrimEnd('.')}. Check the network, HTTPS_PROXY and GITHUB_API_URL."),
    };

    private static string Reason(Exception e) => e is OperationCanceledException
        ? "it did not answer within a minute"
        : (e.InnerException ?? e).Message;

    private GitHubException New(GitHubFault fault, Exception e, string message) => new(fault, Target, message, e);
}
