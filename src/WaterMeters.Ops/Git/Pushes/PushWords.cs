namespace WaterMeters.Ops.Git.Pushes;

/// <summary>What the person who pushes reads. The first line says where the photos are: git itself ends with "failed to push".</summary>
internal static class PushWords
{
    /// <summary>What is true after every refusal without a data branch.</summary>
    public const string NothingSent = "Nothing was sent; your commits are here.";

    /// <summary>The lines after the data went to a branch, or were on one.</summary>
    public static IEnumerable<string> Sent(
        PushRemote remote, IReadOnlyList<(PushedData Data, string Branch, bool IsNew)> sent, int warnings)
    {
        foreach (var (data, branch, isNew) in sent)
        {
            yield return isNew
                ? $"Your training data ({data.Words}) are on the new branch {branch} of {remote.Name}."
                : $"Your training data ({data.Words}) were on the branch {branch} of {remote.Name} already. Nothing was sent again.";
        }

        if (warnings > 0) yield return $"They passed the checks with {Counted(warnings, "warning")}.";
        var (first, firstBranch, _) = sent[0];
        yield return $"Next, the workflow checks {firstBranch}. After it is merged into {remote.Main}, run 'git pull --rebase', and push "
            + "again.";
        if (first.CombineFrom is { } fork)
        {
            yield return "Your commits also have earlier versions of these files, which must not get into the history. Before you pull, "
                + $"combine your commits into one: git reset --soft {fork[..12]}, then git commit";
        }

        yield return $"git now reports a failed push. That is intended: {first.Branch} of {remote.Name} stays as it is, because training "
            + "data reach it only through such a branch. Your own branch is unchanged.";
        int others = sent.Max(one => one.Data.OtherCount);
        if (others > 0)
        {
            string them = others == 1 ? "it" : "them";
            yield return $"The push also has {Counted(others, "other changed file")}, not sent yet. To share {them} now, push to another "
                + $"branch: git push {remote.Name} HEAD:refs/heads/NAME";
        }
    }

    /// <summary>What -WhatIf answers.</summary>
    public static string Preview(PushRemote remote, IEnumerable<PushedData> data) =>
        $"{string.Join("; ", data.Select(one => one.Words))} would be pushed to a new branch {DataBranch.Prefix}DATE-TIME of "
        + $"{remote.Name}, and the push itself would be refused.";

    /// <summary>A line as a console may show it: a name in git can have any character, also those that a console obeys.</summary>
    public static string Printable(string line) => string.Concat(line.Select(c => char.IsControl(c) ? '?' : c));

    private static string Counted(int count, string word) => FormattableString.Invariant($"{count} {word}{(count == 1 ? "" : "s")}");

    /// <summary>A line for a finding, as compilers write them.</summary>
    public static string Line(DatasetFinding finding) =>
        $"{(finding.Path.Length == 0 ? "" : finding.Path + ": ")}{finding.Check}: {finding.Message}";

    /// <summary>The line after the findings.</summary>
    public static string Failed(IReadOnlyList<PushedData> data, int count, FindingSeverity refuse)
    {
        string kind = refuse == FindingSeverity.Error ? "error" : "finding";
        return $"Push refused: the checks found {Counted(count, kind)} in the training data "
            + $"({string.Join("; ", data.Select(one => one.Words))}). Correct the files, commit, and push again. {NothingSent}";
    }

    /// <summary>The message for a remote without a main branch.</summary>
    public static string NoMain(PushRemote remote, RefUpdate update, string? codeOnly)
    {
        string start = remote.Branches.Count == 0
            ? $"{remote.Name} is empty: there is no main branch yet that a branch with training data could start from."
            : $"{remote.Name} has no main branch (neither its default branch, nor main, nor master) that a branch with training data could "
                + "start from.";
        string next = codeOnly is null
            ? "Create a first commit without photos, push it, and then push the photos."
            : $"First push the commits before the photos: git push {remote.Name} {codeOnly[..12]}:{update.RemoteRef}. Then push again.";
        return $"{start} {next}";
    }
}
