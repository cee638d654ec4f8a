using System.Text;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ops.Git.Pushes;

/// <summary>
/// Finds a data branch of the remote that has the same data already. Each names its data in a trailer of its commit. Branches that are not
/// here are fetched without their files, into a repository that is thrown away; what was read is remembered.
/// </summary>
/// <param name="repository">The repository.</param>
/// <param name="remote">The remote, whose branches were read.</param>
/// <param name="main">The commit of its main branch: what it contains is no longer waiting.</param>
/// <param name="folder">A folder for the commits.</param>
/// <param name="cancellation">Ends git.</param>
internal sealed class DataBranchFinder(
    GitRepository repository, PushRemote remote, string main, string folder, CancellationToken cancellation)
{
    private const string None = "-";

    /// <summary>Returns the branch with these data; null if there is none.</summary>
    public string? Find(string id)
    {
        var branches = remote.Branches.Where(pair => pair.Key.StartsWith(DataBranch.Prefix, StringComparison.Ordinal))
            .OrderBy(pair => pair.Key, StringComparer.Ordinal).ToList();
        var present = repository.Present([.. branches.Select(pair => pair.Value)], cancellation);
        var here = branches.Where(pair => present.Contains(pair.Value)).ToList();
        string? commit = IdsOf(repository.Git, here).Where(pair => pair.Value.Contains(id)).Select(pair => pair.Key).FirstOrDefault();
        return commit is not null
            ? here.Find(pair => pair.Value == commit).Key
            : FindAway(id, [.. branches.Where(pair => !present.Contains(pair.Value))]);
    }

    private string? FindAway(string id, List<KeyValuePair<string, string>> branches)
    {
        if (branches.Count == 0) return null;
        string path = PushWorkspace.BranchesFile(repository.OwnFolder());
        var known = Read(path);
        var unknown = branches.Where(pair => !known.ContainsKey(pair.Value)).ToList();
        if (unknown.Count > 0)
        {
            var ids = IdsOf(Fetch(unknown), unknown);
            foreach (var (_, commit) in unknown)
            {
                known[commit] = ids.TryGetValue(commit, out var found) && found.Count > 0 ? string.Join(',', found) : None;
            }

            var current = branches.Select(pair => $"{pair.Value} {known[pair.Value]}\n");
            AtomicFile.WriteText(path, string.Concat(current));
        }

        return branches.Find(pair => known[pair.Value].Split(',').Contains(id)).Key;
    }

    private GitProcess Fetch(List<KeyValuePair<string, string>> branches)
    {
        string place = Path.Combine(folder, "branches");
        _ = repository.Git.Require(
            ["init", "--quiet", "--bare", "--template=", $"--object-format={repository.ObjectFormat}", place], cancellation);
        string objects = repository.Git.Require(["rev-parse", "--path-format=absolute", "--git-path", "objects"], cancellation).Line;
        File.WriteAllText(Path.Combine(place, "objects", "info", "alternates"), objects + "\n", new UTF8Encoding(false));
        var git = new GitProcess(place) { GitFolder = place };
        var fetched = remote.FetchCommits(git, branches.Select(pair => pair.Key));
        if (fetched.IsSuccess) return git;
        throw new PushRefusedException(
            $"The data branches of {remote.Name} cannot be read: {remote.ReasonOf(fetched)} Push again.");
    }

    /// <summary>
    /// Returns the ids of data that branches have and the main branch does not, by the last commit of the branch. What two branches share
    /// is listed for one of them.
    /// </summary>
    private Dictionary<string, List<string>> IdsOf(GitProcess git, List<KeyValuePair<string, string>> branches)
    {
        var ids = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        if (branches.Count == 0) return ids;
        byte[] input = Encoding.ASCII.GetBytes(string.Concat(branches.Select(pair => pair.Value + "\n")) + $"^{main}\n");
        string format = $"%S %(trailers:key={DataBranch.Trailer},valueonly,separator=%x20)";
        foreach (string line in git.Require(["log", "--no-show-signature", "--format=" + format, "--stdin"], cancellation, input).Lines)
        {
            string[] parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (!ids.TryGetValue(parts[0], out var found)) ids[parts[0]] = found = [];
            found.AddRange(parts.Skip(1).Where(part => part.Length == 64));
        }

        return ids;
    }

    private static Dictionary<string, string> Read(string path)
    {
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!File.Exists(path)) return known;
        foreach (string line in File.ReadLines(path))
        {
            if (line.Split(' ') is [{ Length: 40 or 64 } commit, { Length: > 0 } ids]) known[commit] = ids;
        }

        return known;
    }
}
