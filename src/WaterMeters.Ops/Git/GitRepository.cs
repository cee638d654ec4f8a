using System.Text;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ops.Git;

/// <summary>A repository of git, also one in a linked worktree or a submodule.</summary>
internal sealed class GitRepository
{
    private const string
        EmptySha1 = "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
        EmptySha256 = "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321";

    private readonly Dictionary<(string From, string To), IReadOnlyList<TreeChange>> differences = [];

    private GitRepository(GitProcess outer, string gitFolder, string commonFolder, string objectFormat) =>
        (Outer, Git, GitFolder, CommonFolder, ObjectFormat) =
            (outer, Plumbing(gitFolder), gitFolder, commonFolder, objectFormat);

    /// <summary>
    /// Runs commands that read and write objects and refs. Paths start at the top of the repository, wherever the caller is.
    /// </summary>
    public GitProcess Git { get; }

    /// <summary>Runs commands as the user would, in the folder where the caller is: other hooks expect the work tree there.</summary>
    public GitProcess Outer { get; }

    /// <summary>Absolute path of the folder .git, or of that of a linked worktree.</summary>
    public string GitFolder { get; }

    /// <summary>Absolute path of the folder that all worktrees share.</summary>
    public string CommonFolder { get; }

    /// <summary>The hash of its objects: sha1 or sha256.</summary>
    public string ObjectFormat { get; }

    /// <summary>The id of a tree without files, which git knows without storing it.</summary>
    public string EmptyTree => ObjectFormat == "sha256" ? EmptySha256 : EmptySha1;

    /// <summary>A replaced object (git replace) is not what a push sends.</summary>
    private static GitProcess Plumbing(string gitFolder) =>
        new GitProcess(gitFolder) { GitFolder = gitFolder }.With("GIT_NO_REPLACE_OBJECTS", "1");

    /// <summary>Finds the repository around a folder. Inside a hook, it is the one whose hook runs.</summary>
    /// <exception cref="GitException">There is none, or git is missing.</exception>
    public static GitRepository Find(string folder, CancellationToken cancellation)
    {
        // The hook of `git --git-dir=X push` learns only from this variable where the repository is.
        string? named = Environment.GetEnvironmentVariable("GIT_DIR");
        var git = new GitProcess(folder) { GitFolder = string.IsNullOrEmpty(named) ? null : Path.GetFullPath(named, folder) };
        var found = git.Run(
            ["rev-parse", "--path-format=absolute", "--git-dir", "--git-common-dir", "--show-object-format"], cancellation);
        if (found.IsSuccess && found.Lines.Count != 3)
        {
            throw new GitException(GitFault.NotInstalled, "git", "This git is too old. Install git 2.31 or later.");
        }

        if (!found.IsSuccess || found.Lines is not [var gitFolder, var common, var format])
        {
            throw new GitException(
                GitFault.NoRepository, folder,
                $"'{folder}' is not in a git repository: {GitProcess.Sentence(found.Reason)} Change to the folder of the repository.");
        }

        return new GitRepository(git, Path.GetFullPath(gitFolder), Path.GetFullPath(common), format);
    }

    /// <summary>Returns the object that a name stands for, as the wanted type; null if there is none here.</summary>
    /// <param name="name">A ref or an id.</param>
    /// <param name="type">commit, tree or blob.</param>
    /// <param name="cancellation">Ends git.</param>
    public string? Resolve(string name, string type, CancellationToken cancellation)
    {
        // A partial clone would ask its remote for an object that is not here; git 2.44 and later can be told not to.
        var found = Git.With("GIT_NO_LAZY_FETCH", "1")
            .Run(["rev-parse", "--verify", "--quiet", "--end-of-options", $"{name}^{{{type}}}"], cancellation);
        return found.IsSuccess && found.Line.Length > 0 ? found.Line : null;
    }

    /// <summary>Returns those of several commits that are here.</summary>
    public HashSet<string> Present(IReadOnlyCollection<string> commits, CancellationToken cancellation)
    {
        if (commits.Count == 0) return [];
        byte[] input = Encoding.ASCII.GetBytes(string.Concat(commits.Select(commit => commit + "\n")));
        var listed = Git.With("GIT_NO_LAZY_FETCH", "1")
            .Require(["cat-file", "--batch-check=%(objectname) %(objecttype)"], cancellation, input);
        return listed.Lines.Where(line => line.EndsWith(" commit", StringComparison.Ordinal)).Select(line => line.Split(' ')[0])
            .ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>
    /// Lists the files that differ between two commits or trees. A renamed file is a removed one and a new one. Ids never change what they
    /// stand for, so each pair is compared once.
    /// </summary>
    /// <param name="from">Id of a commit or tree.</param>
    /// <param name="to">Id of another.</param>
    /// <param name="cancellation">Ends git.</param>
    /// <exception cref="GitException"><see cref="GitFault.Failed"/>: parts of them are not here.</exception>
    public IReadOnlyList<TreeChange> Diff(string from, string to, CancellationToken cancellation)
    {
        if (!differences.TryGetValue((from, to), out var found))
        {
            string[] arguments = ["diff-tree", "-r", "-z", "--raw", "--no-renames", "--ignore-submodules=none", from, to];
            differences[(from, to)] = found = TreeChange.Parse(Git.Require(arguments, cancellation).Bytes);
        }

        return found;
    }

    /// <summary>
    /// Lists the objects that a commit leads to and others do not, with the path where each was found; also those that a later commit
    /// removed. What is missing in a partial clone is on its remote already.
    /// </summary>
    public IEnumerable<(string Id, string Path)> NewObjects(string tip, IEnumerable<string> known, CancellationToken cancellation)
    {
        string[] boundaries = [.. known.Select(commit => "^" + commit)];
        var listed = Git.Require(["rev-list", "--objects", "--missing=allow-any", tip, .. boundaries, "--"], cancellation);
        foreach (string line in listed.Lines)
        {
            int space = line.IndexOf(' ', StringComparison.Ordinal);
            if (space > 0 && space + 1 < line.Length) yield return (line[..space], line[(space + 1)..]);
        }
    }

    /// <summary>Lists all files of a commit.</summary>
    /// <exception cref="GitException"><see cref="GitFault.Failed"/>: parts of it are not here.</exception>
    public Dictionary<string, TreeEntry> Files(string commit, CancellationToken cancellation)
    {
        var files = new Dictionary<string, TreeEntry>(StringComparer.Ordinal);
        byte[] listed = Git.Require(["ls-tree", "-r", "-z", "--full-tree", commit], cancellation).Bytes;

        // Names that are not UTF-8, as old clients wrote them, can become the same text. Training data cannot have such names.
        foreach (var (path, entry) in TreeEntry.Parse(listed)) _ = files.TryAdd(path, entry);
        return files;
    }

    /// <summary>Returns the newest commit that two have in common; null if there is none.</summary>
    public string? MergeBase(string one, string other, CancellationToken cancellation)
    {
        string[] arguments = ["merge-base", one, other];
        var found = Git.Run(arguments, cancellation);
        if (found.ExitCode > 1) _ = Git.Require(arguments, cancellation);
        return found.IsSuccess && found.Line.Length > 0 ? found.Line : null;
    }

    /// <summary>Returns whether objects of the repository may be missing here because it is a partial clone.</summary>
    public bool IsPartialClone(CancellationToken cancellation) =>
        Git.Run(["config", "--get-regexp", @"^remote\..*\.promisor$"], cancellation).IsSuccess;

    /// <summary>Returns the folder of the module's own files in the repository, which git does not touch. It is created.</summary>
    public string OwnFolder() => Directory.CreateDirectory(Path.Combine(CommonFolder, "watermeters")).FullName;

    /// <inheritdoc/>
    public override string ToString() => SystemPaths.FromExtended(GitFolder);
}
