using System.Globalization;
using System.Text;

namespace WaterMeters.Ops.Git.Pushes;

/// <summary>
/// Builds the commit with the training data of a push, and creates its branch. Only objects are written: no ref and no index of the user.
/// </summary>
/// <param name="repository">The repository.</param>
/// <param name="remote">The remote.</param>
/// <param name="main">The commit of its main branch, on top of which the data go.</param>
/// <param name="folder">A folder for the temporary index.</param>
/// <param name="cancellation">Ends git.</param>
internal sealed class DataBranch(
    GitRepository repository, PushRemote remote, string main, string folder, CancellationToken cancellation)
{
    /// <summary>What the names of these branches begin with.</summary>
    public const string Prefix = "data/";

    /// <summary>Set while such a branch is pushed, so that our hook does not judge its own push.</summary>
    public const string GuardVariable = "WMS_DATA_PUSH";

    /// <summary>The trailer of the commit that identifies its data.</summary>
    public const string Trailer = "WaterMeters-Data";

    private const int MostNames = 20;

    /// <summary>Gives the time of day for the name.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Called with each step.</summary>
    public Action<string> Verbose { get; init; } = _ => { };

    /// <summary>Writes the commit.</summary>
    /// <param name="data">The data.</param>
    /// <param name="pointers">The paths of files that are pointers of Git LFS.</param>
    /// <returns>Its id.</returns>
    /// <exception cref="PushRefusedException">The main branch does not let Git LFS handle the pointers.</exception>
    public string Commit(PushedData data, IReadOnlyCollection<string> pointers)
    {
        string index = Path.Combine(folder, "index-" + data.Id[..16]);
        var git = repository.Git.With("GIT_INDEX_FILE", index);
        string[] plain = ["-c", "core.splitIndex=false", "-c", "core.fsmonitor=false"];
        _ = git.Require([.. plain, "read-tree", main], cancellation);
        _ = git.Require([.. plain, "update-index", "--replace", "-z", "--index-info"], cancellation, IndexLines(data));
        RequireLfs(git, pointers);

        // The new objects were all read for the check; in a partial clone, old ones need not be here.
        string tree = git.Require([.. plain, "write-tree", "--missing-ok"], cancellation).Line;
        string commit = Author(data.Tip).Aggregate(repository.Git, (with, pair) => with.With(pair.Name, pair.Value))
            .Require(["-c", "i18n.commitEncoding=UTF-8", "commit-tree", tree, "-p", main, "-F", "-"], cancellation, Message(data)).Line;
        Verbose($"Wrote the commit {commit}.");
        return commit;
    }

    /// <summary>Creates a branch with the commit, under a name that the remote does not have.</summary>
    /// <param name="commit">The commit.</param>
    /// <param name="findSame">Returns another branch with the same data after the branches were read again; null if there is none.</param>
    /// <returns>The name, and whether it has the commit: a push at the same time may have had the same data.</returns>
    /// <exception cref="PushRefusedException">The remote does not accept it.</exception>
    public (string Name, bool IsNew) Create(string commit, Func<string?> findSame)
    {
        string time = Prefix + Clock.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        for (int number = 1; number <= MostNames; number++)
        {
            string name = number == 1 ? time : FormattableString.Invariant($"{time}-{number}");
            if (remote.Branches.ContainsKey(name)) continue;
            Verbose($"Pushing the branch {name}.");
            var pushed = remote.Create(name, commit);
            if (pushed.IsSuccess)
            {
                Verbose($"The branch {name} is on the remote.");
                return (name, true);
            }

            // It may have arrived before the connection was lost, or another push may have taken the name.
            ReadAgain(name, pushed);
            if (remote.Branches.GetValueOrDefault(name) == commit) return (name, true);
            if (findSame() is { } same) return (same, false);
            if (!remote.Branches.ContainsKey(name)) throw NotAccepted(name, pushed);
        }

        throw new PushRefusedException($"{remote.Name} has {MostNames} branches '{time}' already. Push again.");
    }

    private void ReadAgain(string name, GitOutput pushed)
    {
        try
        {
            remote.Read();
        }
        catch (PushRefusedException)
        {
            throw new PushRefusedException(
                $"The connection to {remote.Name} was lost while the branch '{name}' was pushed: {remote.ReasonOf(pushed)} Push again: if "
                + "the data have arrived, their branch is found.", mayHaveArrived: true);
        }
    }

    private PushRefusedException NotAccepted(string name, GitOutput pushed) => new(
        remote.Branches.ContainsKey(Prefix.TrimEnd('/'))
            ? $"{remote.Name} has a branch '{Prefix.TrimEnd('/')}', so it can have none '{name}'. Rename that branch on the remote, and "
                + "push again."
            : $"{remote.Name} does not accept the branch '{name}' with the photos: {remote.ReasonOf(pushed)} Correct this, and push "
                + "again.");

    private static byte[] IndexLines(PushedData data)
    {
        using var lines = new MemoryStream();
        foreach (var change in data.Changes.Select(change => change.Change))
        {
            string zeros = new('0', (change.Old ?? change.New)!.Id.Length);
            lines.Write(Encoding.ASCII.GetBytes($"{change.New?.Mode ?? "0"} {change.New?.Id ?? zeros}\t"));
            lines.Write(change.RawPath);
            lines.WriteByte(0);
        }

        return lines.ToArray();
    }

    /// <summary>
    /// The author and committer of the pushed commit: no setting of the user is needed, and no signature asks for a password.
    /// </summary>
    private (string Name, string Value)[] Author(string tip)
    {
        string[] parts = repository.Git.Require(
            ["-c", "i18n.logOutputEncoding=UTF-8", "log", "-1", "--no-show-signature", "--format=%an%x00%ae%x00%cn%x00%ce", tip, "--"],
            cancellation).Line.Split('\0');
        return
        [
            ("GIT_AUTHOR_NAME", parts[0]), ("GIT_AUTHOR_EMAIL", parts[1]),
            ("GIT_COMMITTER_NAME", parts[2]), ("GIT_COMMITTER_EMAIL", parts[3]),
        ];
    }

    private static byte[] Message(PushedData data) => Encoding.UTF8.GetBytes(
        $"Training data: {data.Words}\n\nFrom a push to {data.Branch}; the checks of the pre-push hook passed.\n\n"
        + $"WaterMeters-Source: {data.Tip}\n{Trailer}: {data.Id}\n");

    /// <summary>Pointers are photos only where .gitattributes of the same commit says so.</summary>
    private void RequireLfs(GitProcess git, IReadOnlyCollection<string> pointers)
    {
        if (pointers.Count == 0) return;
        byte[] input = Encoding.UTF8.GetBytes(string.Concat(pointers.Select(path => path + "\0")));
        string[] fields = git.Require(["check-attr", "--cached", "-z", "--stdin", "filter"], cancellation, input).Text.Split('\0');
        for (int i = 0; i + 2 < fields.Length; i += 3)
        {
            if (fields[i + 2] == "lfs") continue;
            throw new PushRefusedException(
                $"'{fields[i]}' is stored with Git LFS, but .gitattributes on {remote.Main} of {remote.Name} does not say so, and there it "
                + "would be a pointer only. Push the commit with .gitattributes first, without photos.");
        }
    }
}
