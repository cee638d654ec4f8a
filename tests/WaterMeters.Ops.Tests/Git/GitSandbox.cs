using System.Diagnostics;
using WaterMeters.Ml.Samples;
using WaterMeters.Ops.Git;
using WaterMeters.Ops.Git.Pushes;

namespace WaterMeters.Ops.Tests.Git;

/// <summary>A real bare remote and a clone of it, with a data set in data/training. Everything is deleted at the end of the test.</summary>
internal sealed class GitSandbox : IDisposable
{
    public const string NoGit = "git is not installed.";

    private const string Policy = "dataset:\n  path: data/training\n";
    private static readonly Lazy<IReadOnlyList<(byte[] Photo, byte[] Mask)>> Drawn = new(Draw);

    private readonly TempFolder temp = new();

    /// <param name="format">The hash of both repositories: sha1 or sha256.</param>
    /// <param name="policy">The wms.yaml of the first commit.</param>
    /// <param name="isEmpty">Whether the remote stays empty.</param>
    public GitSandbox(string format = "sha1", string? policy = null, bool isEmpty = false)
    {
        Run(temp.Path, "init", "--quiet", "--bare", "--initial-branch=main", $"--object-format={format}", Remote);
        Run(temp.Path, "init", "--quiet", "--initial-branch=main", $"--object-format={format}", Work);
        Run(Work, "remote", "add", "origin", Remote);
        Write("README.md", "A project");
        Write("wms.yaml", policy ?? Policy);
        Commit("Start");
        if (!isEmpty) Run(Work, "push", "--quiet", "--set-upstream", "origin", "main");
    }

    /// <summary>Whether git can be started: not in Wine.</summary>
    public static bool HasGit => GitProgram.IsInstalled;

    /// <summary>Whether git-lfs can be started.</summary>
    public static bool HasLfs { get; } = HasGit && IsLfsThere();

    public string Remote => temp["remote.git"];

    public string Work => temp["work"];

    /// <summary>What the last push said.</summary>
    public List<string> Said { get; } = [];

    /// <summary>The steps of the last push.</summary>
    public List<string> Steps { get; } = [];

    public string Head => Git("rev-parse", "HEAD");

    public string RemoteMain => Run(Remote, "rev-parse", "refs/heads/main");

    /// <summary>The data branches of the remote.</summary>
    public IReadOnlyList<string> DataBranches =>
        Run(Remote, "for-each-ref", "--format=%(refname:short)", "refs/heads/data/").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public string this[params string[] parts] => temp[parts];

    /// <summary>Runs git in the clone and returns its output without the last line end.</summary>
    public string Git(params string[] arguments) => Run(Work, arguments);

    public static string Run(string folder, params string[] arguments)
    {
        var (code, output, error) = Try(folder, arguments);
        Assert.True(code == 0, $"git {string.Join(' ', arguments)}: {error}");
        return output.TrimEnd('\n');
    }

    public static (int Code, string Output, string Error) Try(string folder, params string[] arguments)
    {
        string[] settings =
        [
            "-c", "user.name=Ana", "-c", "user.email=ana@example.com", "-c", "commit.gpgsign=false", "-c", "core.autocrlf=false",
            "-c", "protocol.file.allow=always",
        ];
        var start = new ProcessStartInfo(GitProgram.Path, [.. settings, .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        GitEnvironment.Prepare(start.Environment);
        using var git = Process.Start(start)!;
        git.StandardInput.Close();
        var error = git.StandardError.ReadToEndAsync();
        string output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        return (git.ExitCode, output, error.GetAwaiter().GetResult());
    }

    public void Write(string path, string text) => Write(path, System.Text.Encoding.UTF8.GetBytes(text));

    public void Write(string path, byte[] content)
    {
        string file = Path.Combine([Work, .. path.Split('/')]);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, content);
    }

    public static byte[] Photo(int number) => Drawn.Value[number].Photo;

    public static byte[] Mask(int number) => Drawn.Value[number].Mask;

    /// <summary>Writes a drawn photo and its mask.</summary>
    public void AddPair(int number, string name, string root = "data/training")
    {
        Write($"{root}/images/{name}.jpg", Photo(number));
        Write($"{root}/masks/{name}.png", Mask(number));
    }

    /// <summary>Commits everything in the work tree.</summary>
    public string Commit(string message)
    {
        Git("add", "--all");
        Git("commit", "--quiet", "-m", message);
        return Head;
    }

    /// <summary>Commits pairs, and returns the commit.</summary>
    public string CommitPairs(params int[] numbers)
    {
        foreach (int number in numbers) AddPair(number, $"meter_{number}");
        return Commit($"Add the pairs {string.Join(", ", numbers)}");
    }

    /// <summary>Puts the commits of the clone on the remote's main branch, as a merge there does.</summary>
    public void Merge(string branch)
    {
        string tree = Run(Remote, "merge-base", "main", branch);
        Assert.Equal(RemoteMain, tree);
        Run(Remote, "update-ref", "refs/heads/main", branch);
    }

    /// <summary>The line that git would write for a push.</summary>
    public string Line(string local, string remoteRef)
    {
        var (_, listed, _) = Try(Work, "ls-remote", Remote, remoteRef);
        string zeros = new('0', Head.Length);
        string remote = listed.Length == 0 ? zeros : listed.Split('\t')[0];
        return local == "(delete)" ? $"(delete) {zeros} {remoteRef} {remote}"
            : $"{local} {Git("rev-parse", local)} {remoteRef} {remote}";
    }

    /// <summary>Judges a push of HEAD to main.</summary>
    public PrePushResult Push() => Push(Line("HEAD", "refs/heads/main"));

    /// <summary>Judges a push with these lines.</summary>
    public PrePushResult Push(params string[] lines) => Judge(new PrePushOptions { Folder = Work, Remote = "origin", Url = Remote }, lines);

    public PrePushResult Judge(PrePushOptions options, params string[] lines)
    {
        Said.Clear();
        Steps.Clear();
        return new PrePush(options) { Say = Said.Add, Verbose = Steps.Add, Clock = new FixedClock() }
            .Run(lines, TestContext.Current.CancellationToken);
    }

    /// <summary>
    /// All that a push must not touch: the refs, the index, the work tree and .git/config of the clone, and every branch of the remote that
    /// holds no data.
    /// </summary>
    public string Snapshot(string? work = null)
    {
        work ??= Work;
        string config = Convert.ToHexString(File.ReadAllBytes(Path.Combine(Work, ".git", "config")));
        string others = Without(Run(Remote, "for-each-ref"), "refs/heads/data/");

        // A newer git notes what it pushed to the address of a remote.
        string refs = Without(Run(work, "for-each-ref"), "refs/remotes/origin/data/");
        bool hasFetchHead = File.Exists(Path.Combine(Work, ".git", "FETCH_HEAD"));
        return string.Join('\n', Run(work, "symbolic-ref", "-q", "HEAD"), refs, Run(work, "ls-files", "--stage"),
            Run(work, "status", "--porcelain", "--ignored"), config, others, hasFetchHead);

        static string Without(string lines, string name) =>
            string.Join('\n', lines.Split('\n').Where(line => !line.Contains(name, StringComparison.Ordinal)));
    }

    /// <summary>Requires a data branch that has exactly these changes on top of the remote's main branch.</summary>
    public void RequireDataBranch(string branch, params string[] changes)
    {
        Assert.Equal(RemoteMain, Run(Remote, "rev-parse", $"{branch}^"));
        Assert.Equal("1", Run(Remote, "rev-list", "--count", $"main..{branch}"));
        Assert.Equal(changes, Run(Remote, "-c", "core.quotePath=false", "diff-tree", "-r", "--no-renames", "--name-status", "main", branch)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    public void Dispose()
    {
        foreach (var file in new DirectoryInfo(temp.Path).EnumerateFiles("*", SearchOption.AllDirectories)) file.IsReadOnly = false;
        temp.Dispose();
    }

    private static IReadOnlyList<(byte[], byte[])> Draw()
    {
        using var temp = new TempFolder();
        var options = new SampleOptions { Count = 8, Size = 160, Seed = 5 };
        return
        [
            .. SampleDataset.Write(temp["data"], options)
                .Select(one => (File.ReadAllBytes(one.ImagePath), File.ReadAllBytes(one.MaskPath))),
        ];
    }

    private static bool IsLfsThere() => Try(Path.GetTempPath(), "lfs", "version").Code == 0;

    /// <summary>Every push happens in the same second.</summary>
    private sealed class FixedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 11, 29, 22, 15, 0, TimeSpan.Zero);
    }
}
