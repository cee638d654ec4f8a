using System.Diagnostics;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ops.Git.Pushes;

/// <summary>
/// Judges a push before git sends it. Training data for a protected branch are checked and sent to a branch of their own; the push itself
/// is then refused as a whole, because git knows no partial refusal. Everything else passes untouched.
/// </summary>
/// <param name="options">The push.</param>
public sealed class PrePush(PrePushOptions options)
{
    private readonly long started = Stopwatch.GetTimestamp();
    private readonly List<string> created = [];
    private PrePushOptions options = options;

    /// <summary>Called with each line for the person who pushes.</summary>
    public Action<string> Say { get; init; } = _ => { };

    /// <summary>Called with each step.</summary>
    public Action<string> Verbose { get; init; } = _ => { };

    /// <summary>Called with the number of pairs checked and the total.</summary>
    public Action<int, int>? Progress { get; init; }

    /// <summary>Gives the time of day for the name of a branch.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Judges the push.</summary>
    /// <param name="lines">What git writes to the hook.</param>
    /// <param name="cancellation">Stops it. The remote then has the whole data branch, or none.</param>
    /// <exception cref="GitException">git is missing, the folder is in no repository, or a line is not one of git.</exception>
    public PrePushResult Run(IEnumerable<string> lines, CancellationToken cancellation)
    {
        var updates = RefUpdate.Parse(lines);
        bool isOwn = Environment.GetEnvironmentVariable(DataBranch.GuardVariable) == "1" && updates.All(update => update.IsDataBranch);
        if (isOwn) return Result(PrePushOutcome.Passed);
        var repository = GitRepository.Find(options.Folder, cancellation);
        if (options.Url.Length == 0) options = options with { Url = AddressOf(repository, options.Remote, cancellation) };
        try
        {
            var suspects = Suspects(repository, updates, cancellation);
            if (suspects.Count == 0)
            {
                Verbose("The push changes no photo, mask or .dvc file on a branch.");
                return Result(PrePushOutcome.Passed);
            }

            PushPolicy.PrepareParser();
            using var workspace = PushWorkspace.Open(repository, cancellation);
            return Judge(repository, suspects, workspace.Folder, cancellation);
        }
        catch (PushRefusedException e)
        {
            return Refuse(e.Message, e.MayHaveArrived);
        }
        catch (GitException e) when (e.Fault is GitFault.Failed or GitFault.NotInstalled && GitProgram.IsInstalled)
        {
            return Refuse(e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Refuse($"The push cannot be checked: {e.Sentence()} Check the disk and the permissions of the repository, and push "
                + "again.");
        }
    }

    private static string AddressOf(GitRepository repository, string remote, CancellationToken cancellation)
    {
        var found = repository.Git.Run(["remote", "get-url", "--push", "--", remote], cancellation);
        return found.IsSuccess ? found.Line : throw new GitException(
            GitFault.Failed, remote, $"The repository has no remote '{remote}'. Name one with -Remote, or its address with -Url.");
    }

    /// <summary>
    /// The updates of branches that may change training data, judged here without the remote: by the names of the changed files.
    /// </summary>
    private List<(RefUpdate Update, string Tip)> Suspects(
        GitRepository repository, IReadOnlyList<RefUpdate> updates, CancellationToken cancellation)
    {
        var suspects = new List<(RefUpdate, string)>();
        string? known = null;
        foreach (var update in updates)
        {
            if (update.IsDelete || update.Branch is null || update.IsDataBranch) continue;

            // A tag leads to its commit. Git itself refuses anything else as a branch.
            if (repository.Resolve(update.LocalId, "commit", cancellation) is not { } tip)
            {
                if (repository.Resolve(update.LocalId, "object", cancellation) is not null) continue;
                throw new PushRefusedException(
                    $"The commit {update.LocalId[..12]} for {update.Branch} is not in this repository, so it cannot be checked. Run "
                    + "'git fsck', and push without GIT_OBJECT_DIRECTORY and GIT_ALTERNATE_OBJECT_DIRECTORIES.");
            }

            string? start = update.IsNew
                ? known ??= MainAsKnown(repository, cancellation) ?? repository.EmptyTree
                : repository.Resolve(update.RemoteId, "commit", cancellation);
            if (start is null || MayCarryData(repository, start, tip, cancellation)) suspects.Add((update, tip));
        }

        return suspects;
    }

    /// <summary>Whether the last commit, or one before it that the remote does not have, may have training data.</summary>
    private static bool MayCarryData(GitRepository repository, string start, string tip, CancellationToken cancellation)
    {
        if (repository.Diff(start, tip, cancellation).Any(DataPaths.MayBeData)) return true;
        string[] known = start == repository.EmptyTree ? [] : [start];
        return repository.NewObjects(tip, known, cancellation).Any(one => DataPaths.MayBeData(one.Path));
    }

    /// <summary>The main branch of the remote as it was at the last fetch; null if it was never fetched.</summary>
    private string? MainAsKnown(GitRepository repository, CancellationToken cancellation) =>
        new[] { "HEAD", "main", "master" }
            .Select(name => repository.Resolve($"refs/remotes/{options.Remote}/{name}", "commit", cancellation))
            .FirstOrDefault(commit => commit is not null);

    private PrePushResult Judge(
        GitRepository repository, List<(RefUpdate Update, string Tip)> suspects, string folder, CancellationToken cancellation)
    {
        var remote = new PushRemote(repository, options, cancellation);
        remote.Read();
        Verbose($"Read the {remote.Branches.Count} branches of {remote.Name}.");
        if (remote.Main is null) return JudgeWithoutMain(repository, remote, suspects, cancellation);
        string main = remote.Fetch([remote.Main])[remote.Main];
        Verbose($"Fetched {remote.Main} of {remote.Name}: {main}.");
        var policy = PushPolicy.Read(repository, remote, main, cancellation);
        var selector = new DataSelector(repository, remote, policy, main, cancellation);
        var data = suspects.Where(suspect => policy.Protects(suspect.Update.Branch!))
            .Select(suspect => selector.Select(suspect.Update, suspect.Tip)).OfType<PushedData>().ToList();
        if (data.Count == 0)
        {
            Verbose("The push puts no training data on a protected branch.");
            return Result(PrePushOutcome.Passed);
        }

        var finder = new DataBranchFinder(repository, remote, main, folder, cancellation);
        var found = data.DistinctBy(one => one.Id).ToDictionary(one => one.Id, one => finder.Find(one.Id), StringComparer.Ordinal);
        var missing = data.Where(one => found[one.Id] is null).DistinctBy(one => one.Id).ToList();
        Verbose($"{missing.Count} of {found.Count} sets of training data are on no data branch yet.");
        var checker = new DataChecker(repository, policy.Checks, Path.Combine(folder, "files"), cancellation)
        {
            Progress = Progress,
            Verbose = Verbose,
        };
        List<DatasetFinding> findings = [.. missing.SelectMany(one => checker.Check(one, FilesAfter(selector.MainFiles, one)))];
        findings.AddRange(checker.OtherFindings);
        var refusing = findings.Where(finding => finding.Severity >= policy.Hook.Refuse).ToList();
        Verbose($"Checked the training data: {findings.Count} findings.");
        if (refusing.Count > 0) return Fail(data, findings, refusing, policy.Hook.Refuse);

        if (options.IsPreview && missing.Count > 0)
        {
            return Counted(Result(PrePushOutcome.WouldPush), data, findings) with { Message = PushWords.Preview(remote, missing) };
        }

        var branch = new DataBranch(repository, remote, main, folder, cancellation) { Clock = Clock, Verbose = Verbose };
        var commits = missing.Select(one => (Data: one, Commit: branch.Commit(one, checker.Pointers.Keys))).ToList();
        SendLfs(remote, checker.Pointers.Values);
        string? first = null;
        var isNew = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (one, commit) in commits)
        {
            var (name, isCreated) = branch.Create(commit, () => finder.Find(one.Id));
            found[one.Id] = name;
            if (!isCreated) continue;
            first ??= commit;
            created.Add(name);
            isNew.Add(one.Id);
        }

        var sent = data.Select(one => (one, found[one.Id]!, isNew.Contains(one.Id))).ToList();
        string[] said = [.. PushWords.Sent(remote, sent, findings.Count)];
        foreach (string line in said) Tell(line);
        return Counted(Result(isNew.Count > 0 ? PrePushOutcome.DataPushed : PrePushOutcome.AlreadyPushed), data,
            missing.Count > 0 ? findings : null) with
        {
            DataBranch = string.Join(", ", found.Values.Distinct(StringComparer.Ordinal)),
            Commit = first,
            Message = said[0],
        };
    }

    /// <summary>Without a main branch there is no policy, and nothing to put a data branch on. Code may be the first to arrive.</summary>
    private PrePushResult JudgeWithoutMain(
        GitRepository repository, PushRemote remote, List<(RefUpdate Update, string Tip)> suspects, CancellationToken cancellation)
    {
        foreach (var (update, tip) in suspects)
        {
            if (!HasData(repository, tip, cancellation)) continue;
            string[] older =
            [
                .. repository.Git.Require(["rev-list", "--first-parent", "--max-count=200", "--skip=1", tip, "--"], cancellation).Lines,
            ];
            string? codeOnly = Array.Find(older, commit => !HasData(repository, commit, cancellation));
            return Refuse(PushWords.NoMain(remote, update, codeOnly));
        }

        return Result(PrePushOutcome.Passed);
    }

    /// <summary>Whether a commit or one before it has training data, by the rule for a repository without wms.yaml.</summary>
    private static bool HasData(GitRepository repository, string commit, CancellationToken cancellation)
    {
        string[] files = [.. repository.NewObjects(commit, [], cancellation).Select(one => one.Path).Where(DataPaths.MayBeData)];
        var folders = files.Select(DataPaths.FolderOf).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var paths = new DataPaths(null, root =>
            folders.Contains(DataPaths.Join(root, "images")) && folders.Contains(DataPaths.Join(root, "masks")));
        return files.Any(file => paths.KindOf(file) != DataKind.None);
    }

    private static Dictionary<string, TreeEntry> FilesAfter(Dictionary<string, TreeEntry> main, PushedData data)
    {
        var files = new Dictionary<string, TreeEntry>(main, StringComparer.Ordinal);
        foreach (var change in data.Changes)
        {
            if (change.Change.New is { } entry) files[change.Path] = entry;
            else files.Remove(change.Path);
        }

        return files;
    }

    private void SendLfs(PushRemote remote, IEnumerable<string> ids)
    {
        // Windows takes at most 32,767 characters of arguments.
        foreach (string[] some in ids.Distinct(StringComparer.Ordinal).Chunk(300))
        {
            var sent = remote.SendLfs(some);
            if (sent.IsSuccess) continue;
            throw new PushRefusedException(
                $"git-lfs cannot send the photos to {remote.Name}: {remote.ReasonOf(sent)} Correct this, and push again.");
        }

        Verbose("The content of the photos is on the remote.");
    }

    private PrePushResult Fail(
        List<PushedData> data, List<DatasetFinding> findings, List<DatasetFinding> refusing, FindingSeverity refuse)
    {
        foreach (var finding in refusing) Tell(PushWords.Line(finding));
        string message = PushWords.Failed(data, refusing.Count, refuse);
        Tell(message);
        return Counted(Result(PrePushOutcome.ChecksFailed), data, findings) with { Message = message };
    }

    private PrePushResult Refuse(string reason, bool mayHaveArrived = false)
    {
        // With several protected branches, one data branch may be there before the next is not accepted.
        string state = mayHaveArrived ? "Your commits are here."
            : created.Count == 0 ? PushWords.NothingSent
            : $"A part of the training data is on {string.Join(", ", created)}, and is found there when you push again.";
        string message = PushWords.Printable($"{reason} {state}");
        Tell("Push refused: " + message);
        return Result(PrePushOutcome.Refused) with
        {
            DataBranch = created.Count == 0 ? null : string.Join(", ", created),
            Message = message,
        };
    }

    private void Tell(string line) => Say(PushWords.Printable(line));

    private static PrePushResult Counted(PrePushResult result, List<PushedData> data, List<DatasetFinding>? findings)
    {
        int? errors = findings?.Count(finding => finding.Severity == FindingSeverity.Error);
        return result with
        {
            TargetBranch = string.Join(", ", data.Select(one => one.Branch)),
            PhotoCount = data.Sum(one => one.PhotoCount),
            MaskCount = data.Sum(one => one.MaskCount),
            DvcFileCount = data.Sum(one => one.DvcFileCount),
            RemovedCount = data.Sum(one => one.RemovedCount),
            ErrorCount = errors,
            WarningCount = findings?.Count - errors,
            Findings = new FindingList(findings ?? []),
        };
    }

    private PrePushResult Result(PrePushOutcome outcome) => new()
    {
        Outcome = outcome,
        Remote = options.Remote == options.Url ? PushRemote.Redact(options.Url) : options.Remote,
        Url = PushRemote.Redact(options.Url),
        Findings = new FindingList([]),
        Duration = Stopwatch.GetElapsedTime(started),
    };
}
