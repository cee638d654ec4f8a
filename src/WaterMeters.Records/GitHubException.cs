namespace WaterMeters;

/// <summary>GitHub cannot be used, or refuses a request.</summary>
public sealed class GitHubException : WaterMetersException
{
    /// <summary>Creates the exception. <paramref name="target"/>: the repository or the address concerned.</summary>
    public GitHubException(GitHubFault fault, string target, string message, Exception? inner = null)
        : base(message, inner) => (Fault, Target) = (fault, target);

    /// <summary>Why it fails.</summary>
    public GitHubFault Fault { get; }

    /// <summary>The repository or the address concerned.</summary>
    public string Target { get; }
}
