namespace WaterMeters.Ops.Tracking.Runs;

/// <summary>
/// Commit and branch of the repository around a folder, read from its files (gitrepository-layout): a training does not need git.
/// </summary>
internal static class GitState
{
    private const string Ref = "ref: ", GitDir = "gitdir: ";

    /// <summary>Returns MLflow's tags for the commit and the branch; none outside a repository, or where it cannot be read.</summary>
    public static Dictionary<string, string> Tags(string folder)
    {
        var tags = new Dictionary<string, string>();
        try
        {
            if (GitFolder(folder) is not { } git || FirstLine(Path.Combine(git, "HEAD")) is not { } head) return tags;
            string? branch = head.StartsWith(Ref, StringComparison.Ordinal) ? head[Ref.Length..] : null;
            if ((branch is null ? head : Resolve(git, branch)) is { Length: 40 or 64 } commit) tags[MlflowTags.GitCommit] = commit;
            const string Heads = "refs/heads/";
            if (branch?.StartsWith(Heads, StringComparison.Ordinal) == true) tags[MlflowTags.GitBranch] = branch[Heads.Length..];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            // What cannot be read is left out.
        }

        return tags;
    }

    private static string? GitFolder(string folder)
    {
        for (string? at = Path.GetFullPath(folder); at is not null; at = Path.GetDirectoryName(at))
        {
            string git = Path.Combine(at, ".git");
            if (Directory.Exists(git)) return git;

            // A linked worktree and a submodule have a file that names the folder.
            if (File.Exists(git))
            {
                return FirstLine(git) is { } line && line.StartsWith(GitDir, StringComparison.Ordinal)
                    ? Path.GetFullPath(Path.Combine(at, line[GitDir.Length..]))
                    : null;
            }
        }

        return null;
    }

    private static string? Resolve(string git, string name)
    {
        // Branches are shared by all worktrees.
        string common = FirstLine(Path.Combine(git, "commondir")) is { } relative ? Path.GetFullPath(Path.Combine(git, relative)) : git;
        if (FirstLine(Path.Combine(common, name)) is { } loose) return loose;
        string packed = Path.Combine(common, "packed-refs");
        return File.Exists(packed)
            ? File.ReadLines(packed).FirstOrDefault(l => l.EndsWith(" " + name, StringComparison.Ordinal))?.Split(' ')[0]
            : null;
    }

    private static string? FirstLine(string file) => File.Exists(file) ? File.ReadLines(file).FirstOrDefault()?.Trim() : null;
}
