using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ops.Git.Hooks;

/// <summary>A folder that is the top of a repository, or becomes one.</summary>
/// <param name="IsRepository">Whether it is one already.</param>
/// <param name="Creation">The step that makes it one.</param>
public sealed record RepositoryFolder(bool IsRepository, RepositoryStep Creation)
{
    /// <summary>Looks at a folder.</summary>
    /// <param name="folder">Absolute path of the folder, which need not exist.</param>
    /// <param name="cancellation">Ends git.</param>
    /// <exception cref="GitException">It is inside another repository, or git is missing.</exception>
    public static RepositoryFolder Find(string folder, CancellationToken cancellation)
    {
        string? at = folder;
        for (; at is not null && !Directory.Exists(at); at = Path.GetDirectoryName(at))
        {
            if (!File.Exists(at)) continue;
            throw new GitException(GitFault.Failed, folder, $"'{at}' is a file, so no repository can be there. Name a folder.");
        }

        var found = new GitProcess(at ?? folder).Run(["rev-parse", "--show-prefix", "--show-toplevel"], cancellation);
        bool isInside = found.IsSuccess && (at != folder || found.Text.Split('\n')[0].Trim().Length > 0);
        if (isInside)
        {
            string top = SystemPaths.Normalize(found.Lines[^1]);
            throw new GitException(
                GitFault.Failed, folder,
                $"'{folder}' is inside the repository '{top}'. Its workflows and hook belong to the top: name that folder.");
        }

        var item = new RepositoryItem
        {
            Outcome = RepositoryItemOutcome.Created,
            Name = ".git",
            Path = Path.Combine(folder, ".git"),
            Detail = "The repository of git.",
        };
        return new RepositoryFolder(found.IsSuccess, new RepositoryStep(item, () =>
        {
            Directory.CreateDirectory(folder);
            new GitProcess(folder).Require(["init", "--quiet", "--initial-branch=main"], CancellationToken.None);
        }));
    }
}
