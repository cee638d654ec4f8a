using WaterMeters.Ops.Git;

namespace WaterMeters.Ops.Versioning.Repositories;

/// <summary>Files of an older commit, which git reads.</summary>
internal static class GitRevision
{
    /// <summary>Returns the text of a file in a revision.</summary>
    /// <param name="revision">A commit, a branch or a tag.</param>
    /// <param name="path">Absolute path of the file, which may not exist now.</param>
    /// <exception cref="DatasetVersionException">There is no such revision, the revision has no such file, or git is missing.</exception>
    public static string ReadText(string revision, string path)
    {
        string folder = Path.GetDirectoryName(path)!;
        while (!Directory.Exists(folder)) folder = Path.GetDirectoryName(folder)!;
        if (revision.StartsWith('-')) throw NoRevision(revision, folder, "");
        var (commit, reason) = Run(folder, "rev-parse", "--verify", "--quiet", revision + "^{commit}");
        if (commit is null) throw NoRevision(revision, folder, reason);
        string name = Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/');
        var (text, _) = Run(folder, "show", $"{commit.Trim()}:./{name}");
        return text ?? throw VersionErrors.NotFound(path, $"The revision '{revision}' has no file '{path}'. Name a revision in which it "
            + "was published.");
    }

    private static DatasetVersionException NoRevision(string revision, string folder, string reason) => VersionErrors.NotFound(revision,
        $"git has no revision '{revision}' in '{folder}'{(reason.Length > 0 ? $": {reason}" : "")}. Name a commit, a branch, a tag, or a "
            + ".dvc file.");

    private static (string? Output, string Error) Run(string folder, params string[] arguments)
    {
        try
        {
            var output = new GitProcess(folder).Run(arguments, CancellationToken.None);
            return (output.IsSuccess ? output.Text : null, output.Error.Split('\n')[0].Trim());
        }
        catch (GitException e) when (e.Fault == GitFault.NotInstalled)
        {
            throw VersionErrors.NotFound("git", "Cannot start git, which reads older versions. Install it, or name a .dvc file.", e);
        }
    }
}
