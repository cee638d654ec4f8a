namespace WaterMeters.Ops.Git;

/// <summary>The address that a repository has for a remote.</summary>
public static class RemoteAddress
{
    /// <summary>Returns the address that git fetches from.</summary>
    /// <param name="folder">A folder in the repository.</param>
    /// <param name="remote">Name of the remote.</param>
    /// <param name="stop">Ends git.</param>
    /// <returns>The address; null if the repository has no such remote.</returns>
    /// <exception cref="GitException">The folder is in no repository, or git is missing.</exception>
    public static string? Find(string folder, string remote, CancellationToken stop)
    {
        var found = GitRepository.Find(folder, stop).Git.Run(["remote", "get-url", "--", remote], stop);
        return found.IsSuccess && found.Line.Length > 0 ? found.Line : null;
    }
}
