using System.Text.RegularExpressions;

namespace WaterMeters.Ops.Git.Pushes;

/// <summary>The remote of a push. It is used by its address: a remote may have several, and each is a push of its own.</summary>
internal sealed partial class PushRemote
{
    /// <summary>Refs of our own, which no fetch, branch list or push without --mirror shows. They exist while a push is judged.</summary>
    public const string PrivateRefs = "refs/watermeters/push/";

    private const string Heads = "refs/heads/";

    private readonly GitProcess git;
    private readonly GitRepository repository;
    private readonly PrePushOptions options;
    private readonly CancellationToken cancellation;

    public PushRemote(GitRepository repository, PrePushOptions options, CancellationToken cancellation)
    {
        (this.repository, this.options, this.cancellation) = (repository, options, cancellation);
        git = repository.Outer.ForRemote(cancellation).WithAddress(options.Url);
    }

    /// <summary>What people call it: its name, or its address.</summary>
    public string Name => options.Remote == options.Url ? Redacted : options.Remote;

    /// <summary>Its address without user name and password.</summary>
    public string Redacted => Redact(options.Url);

    /// <summary>Its branches, with their commits.</summary>
    public IReadOnlyDictionary<string, string> Branches { get; private set; } = new Dictionary<string, string>();

    /// <summary>Branches of it that are other names of a branch (symbolic refs), with the name of that branch.</summary>
    public IReadOnlyDictionary<string, string> Aliases { get; private set; } = new Dictionary<string, string>();

    /// <summary>Its main branch: the one that a clone checks out, or else main or master; null if it has none of these.</summary>
    public string? Main { get; private set; }

    /// <summary>Returns an address without user name and password.</summary>
    public static string Redact(string url) => Credentials.Replace(url, "$1");

    /// <summary>Asks for the branches.</summary>
    /// <exception cref="PushRefusedException">It does not answer.</exception>
    public void Read()
    {
        var listed = git.Run(["ls-remote", "--symref", "--", options.Url, "HEAD", Heads + "*"], cancellation);
        if (!listed.IsSuccess) throw Refused("cannot be read", listed);
        var branches = new Dictionary<string, string>(StringComparer.Ordinal);
        var aliases = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in listed.Lines)
        {
            if (line.Split('\t') is not [var value, var name]) continue;
            if (value.StartsWith("ref: " + Heads, StringComparison.Ordinal)) aliases[ShortName(name)] = ShortName(value["ref: ".Length..]);
            else if (name.StartsWith(Heads, StringComparison.Ordinal)) branches[ShortName(name)] = value;
        }

        string? named = aliases.Remove("HEAD", out string? head) ? head : null;
        (Branches, Aliases) = (branches, aliases);
        Main = new[] { named, "main", "master" }.FirstOrDefault(name => name is not null && branches.ContainsKey(name));
    }

    /// <summary>Fetches branches into refs of our own. Nothing else changes: no branch, no FETCH_HEAD, no tag.</summary>
    /// <returns>The commits, by branch.</returns>
    /// <exception cref="PushRefusedException">It fails.</exception>
    public IReadOnlyDictionary<string, string> Fetch(IReadOnlyCollection<string> branches)
    {
        var commits = new Dictionary<string, string>(StringComparer.Ordinal);
        string[] missing = [.. branches.Where(branch => !IsComplete(Branches[branch]))];
        if (missing.Length > 0)
        {
            var fetched = git.Run(
                [
                    "-c", "fetch.writeCommitGraph=false", "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--refmap=",
                    "--no-recurse-submodules", "--no-auto-maintenance", "--no-prune", "--", options.Url,
                    .. missing.Select(branch => $"+{Heads}{branch}:{PrivateRef(branch)}"),
                ],
                cancellation);
            if (!fetched.IsSuccess) throw Refused($"cannot be read ({string.Join(", ", missing)})", fetched);
        }

        foreach (string branch in branches)
        {
            commits[branch] = (missing.Contains(branch) ? repository.Resolve(PrivateRef(branch), "commit", cancellation) : Branches[branch])
                ?? throw new PushRefusedException($"The branch {branch} of {Name} is not a commit.");
        }

        return commits;
    }

    /// <summary>Fetches only the commits of branches, without their files where the remote can do that, into another repository.</summary>
    public GitOutput FetchCommits(GitProcess into, IEnumerable<string> branches) =>
        into.ForRemote(cancellation).WithAddress(options.Url).Run(
            ["fetch", "--quiet", "--no-tags", "--no-auto-maintenance", "--filter=tree:0", "--", options.Url,
                .. branches.Select(branch => $"+{Heads}{branch}:{Heads}{branch}")],
            cancellation);

    /// <summary>
    /// Creates a branch, if the remote has none of this name. Other hooks run; ours lets a data branch through by the variable. Photos are
    /// compressed already: to compress them again, and to look for differences between them, takes git far longer than to send them.
    /// </summary>
    public GitOutput Create(string branch, string commit) => git.With(DataBranch.GuardVariable, "1").Run(
        ["-c", "pack.window=0", "-c", "pack.compression=0", "push", "--quiet", "--no-follow-tags", "--recurse-submodules=no",
            "--no-signed", "--no-progress", $"--force-with-lease={Heads}{branch}:", "--", options.Url, $"{commit}:{Heads}{branch}"],
        cancellation, runsHooks: true);

    /// <summary>Sends objects of Git LFS that the remote may not have.</summary>
    public GitOutput SendLfs(IEnumerable<string> ids)
    {
        // git-lfs has settings by the name of the remote, and takes the path of a folder only as an address.
        string place = options.Remote != options.Url ? options.Remote
            : Path.IsPathFullyQualified(options.Url) ? new Uri(options.Url).AbsoluteUri
            : options.Url;
        return git.Run(["lfs", "push", "--object-id", place, .. ids], cancellation);
    }

    /// <summary>Removes the refs of our own, also those that a killed push left.</summary>
    public static void RemovePrivateRefs(GitProcess git)
    {
        var listed = git.Run(["for-each-ref", "--format=delete %(refname)", PrivateRefs], CancellationToken.None);
        if (listed.Bytes.Length > 0) _ = git.Run(["update-ref", "--stdin"], CancellationToken.None, listed.Bytes);
    }

    /// <summary>Returns git's reason without the password that the address may have.</summary>
    public string ReasonOf(GitOutput failed) =>
        GitProcess.Sentence(Redact(failed.Reason.Replace(options.Url, Redacted, StringComparison.Ordinal)));

    private PushRefusedException Refused(string what, GitOutput failed) => new(
        $"{Name} {what}, so it is unknown which branches are protected: {ReasonOf(failed)}");

    private static string ShortName(string name) => name.StartsWith(Heads, StringComparison.Ordinal) ? name[Heads.Length..] : name;

    private static string PrivateRef(string branch) => PrivateRefs + branch;

    /// <summary>
    /// Whether a commit is here with all that it leads to: a branch of this repository or of a remote is there, as after a fetch.
    /// </summary>
    private bool IsComplete(string commit) => repository.Git.Run(
        ["for-each-ref", "--count=1", "--format=%(refname)", $"--points-at={commit}", "refs/heads/", "refs/remotes/"],
        cancellation) is { IsSuccess: true, Bytes.Length: > 0 };

    [GeneratedRegex(@"(\b[a-z][a-z0-9+.-]*://)[^/@\s]+@", RegexOptions.IgnoreCase)]
    private static partial Regex Credentials { get; }
}
