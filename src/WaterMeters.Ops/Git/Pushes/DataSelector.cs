namespace WaterMeters.Ops.Git.Pushes;

/// <summary>
/// Finds the training data that a push would put on a protected branch: what its commits change since they left that branch, without what
/// the main branch has already.
/// </summary>
/// <param name="repository">The repository.</param>
/// <param name="remote">The remote.</param>
/// <param name="policy">The policy.</param>
/// <param name="main">The commit of the remote's main branch.</param>
/// <param name="cancellation">Ends git.</param>
internal sealed class DataSelector(
    GitRepository repository, PushRemote remote, PushPolicy policy, string main, CancellationToken cancellation)
{
    private Dictionary<string, TreeEntry>? files;

    /// <summary>The files of the main branch, by path.</summary>
    public Dictionary<string, TreeEntry> MainFiles => files ??= repository.Files(main, cancellation);

    /// <summary>Returns the training data; null if there are none.</summary>
    /// <param name="update">The update of the protected branch.</param>
    /// <param name="tip">The commit that is pushed.</param>
    /// <exception cref="PushRefusedException">They cannot be separated from what others pushed.</exception>
    public PushedData? Select(RefUpdate update, string tip)
    {
        string branch = update.Branch!;
        string start = update.IsNew ? main : CommitOnRemote(update);
        string? fork = repository.MergeBase(start, tip, cancellation);
        var all = repository.Diff(fork ?? start, tip, cancellation);
        var paths = PathsFor(tip, start);
        var changes = DataOf(all, paths);

        // Without a common commit, what is not in the pushed one was not removed by it.
        if (fork is null) changes.RemoveAll(change => change.IsRemoval);
        int others = all.Count - changes.Count;
        changes.RemoveAll(change => Equals(MainFiles.GetValueOrDefault(change.Path), change.Change.New));
        RequireFiles(changes);
        if (changes.All(change => change.Kind == DataKind.Split)) changes.Clear();
        if (!update.IsNew && fork != start) RequireNothingLost(branch, changes, DataOf(repository.Diff(start, tip, cancellation), paths));
        string? hidden = Hidden(tip, start, paths, changes);
        if (changes.Count == 0)
        {
            if (hidden is not null) throw InHistory(hidden, fork ?? start);
            return null;
        }

        RequireNoConflict(branch, changes);
        return new PushedData(branch, tip, changes, others) { CombineFrom = hidden is null ? null : fork ?? start };
    }

    /// <summary>What a submodule or a link leads to is in no file of the push.</summary>
    private static void RequireFiles(List<DataChange> changes)
    {
        var change = changes.Find(change => change.Kind is DataKind.Submodule or DataKind.Link);
        if (change is null) return;
        throw new PushRefusedException(change.Kind == DataKind.Submodule
            ? $"'{change.Path}' is a submodule, so its photos are in another repository and cannot be checked from here. Push the "
                + "photos there, and let its own pipeline accept them."
            : $"'{change.Path}' is a symbolic link in the place of training data, and what it leads to cannot be checked. Replace it by "
                + "the files themselves, and push again.");
    }

    /// <summary>The commit that the remote has; fetched if a rewrite or another person put it there.</summary>
    private string CommitOnRemote(RefUpdate update)
    {
        if (repository.Resolve(update.RemoteId, "commit", cancellation) is { } here) return here;
        if (!remote.Branches.ContainsKey(update.Branch!)) return main;
        return remote.Fetch([update.Branch!])[update.Branch!];
    }

    private DataPaths PathsFor(string tip, string start) => new(
        policy.DataFolder, root => HasBoth(tip, root) || HasBoth(start, root));

    private bool HasBoth(string commit, string root)
    {
        string tree = $"{commit}:{root}";
        var listed = repository.Git.Run(["ls-tree", "-z", "--full-tree", tree], cancellation);
        if (!listed.IsSuccess) return false;
        string[] folders = [.. TreeEntry.Parse(listed.Bytes).Where(pair => pair.Value.IsFolder || pair.Value.IsLink)
            .Select(pair => pair.Key)];
        return folders.Contains("images", StringComparer.OrdinalIgnoreCase) && folders.Contains("masks", StringComparer.OrdinalIgnoreCase);
    }

    private static List<DataChange> DataOf(IReadOnlyList<TreeChange> all, DataPaths paths)
    {
        var found = all.Select(change => new DataChange(change, paths.KindOf(change))).ToList();
        var roots = found.Where(change => change.Kind is DataKind.Photo or DataKind.Mask).Select(change => DataPaths.RootOf(change.Path))
            .ToHashSet(StringComparer.Ordinal);
        return
        [
            .. found.Select(change => change.Kind == DataKind.None && roots.Any(root => DataPaths.IsSplit(change.Path, root))
                    ? change with { Kind = DataKind.Split }
                    : change)
                .Where(change => change.Kind != DataKind.None),
        ];
    }

    /// <summary>
    /// A push that does not contain what the remote has is refused by git itself ("fetch first"), unless it is forced; then it would take
    /// away the training data that others put there.
    /// </summary>
    private void RequireNothingLost(string branch, List<DataChange> changes, List<DataChange> difference)
    {
        if (changes.Count > 0) return;
        var lost = difference.Where(change => change.Kind is not DataKind.Submodule and not DataKind.Link
            && !Equals(MainFiles.GetValueOrDefault(change.Path), change.Change.New)).ToList();
        if (lost.Count == 0) return;
        throw new PushRefusedException(
            $"{branch} of {remote.Name} has commits that yours does not have (fetch first). Run 'git pull --rebase', and push again. "
            + $"A forced push would take away or reset {lost.Count} training files of others, such as '{lost[0].Path}'.");
    }

    /// <summary>
    /// Returns a photo or mask that is in the commits of the push and not in the last one, because a later commit removes or replaces it;
    /// null if there is none. It is in no file of a branch, but would stay in its history.
    /// </summary>
    private string? Hidden(string tip, string start, DataPaths paths, List<DataChange> changes)
    {
        var final = changes.Select(change => change.Change.New?.Id).ToHashSet(StringComparer.Ordinal);
        return repository.NewObjects(tip, [start, main], cancellation)
            .FirstOrDefault(one => paths.KindOf(one.Path) is not DataKind.None and not DataKind.DvcFile && !final.Contains(one.Id)).Path;
    }

    private static PushRefusedException InHistory(string path, string fork) => new(
        $"'{path}' is in a commit of the push that is not the last one, and would stay in the history of the branch. Combine the "
        + $"commits into one without it ('git reset --soft {fork[..12]}', then 'git commit'), and push again.");

    private void RequireNoConflict(string branch, List<DataChange> changes)
    {
        var conflict = changes.Find(change => !Equals(MainFiles.GetValueOrDefault(change.Path), change.Change.Old));
        if (conflict is null) return;
        throw new PushRefusedException(
            $"'{conflict.Path}' was changed on {remote.Main} of {remote.Name} too since your commits left {branch}. Run "
            + "'git pull --rebase', decide which version is right, and push again.");
    }
}
