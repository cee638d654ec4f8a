using WaterMeters.Ops.Git;

namespace WaterMeters.Ops.Tests.Git;

public class GitProcessTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = GitSandbox.NoGit)]
    public void A_child_has_no_variable_of_the_git_that_runs_the_hook()
    {
        var environment = GitEnvironment.LocalVariables.ToDictionary(name => name, _ => (string?)"x");
        environment["PATH"] = "p";
        environment["GIT_LFS_SKIP_SMUDGE"] = environment["GIT_ICASE_PATHSPECS"] = "1";
        GitEnvironment.Prepare(environment);
        Assert.Contains("GIT_DIR", GitEnvironment.LocalVariables);
        Assert.Contains("GIT_INDEX_FILE", GitEnvironment.LocalVariables);
        Assert.Equal(
            ["GCM_INTERACTIVE=never", "GIT_ASKPASS=", "GIT_TERMINAL_PROMPT=0", "PATH=p", "SSH_ASKPASS_REQUIRE=never"],
            environment.Select(pair => $"{pair.Key}={pair.Value}").Order(StringComparer.Ordinal));
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = GitSandbox.NoGit)]
    public void A_client_that_answers_for_the_user_still_does()
    {
        var environment = new Dictionary<string, string?> { ["GIT_ASKPASS"] = "/client/askpass" };
        GitEnvironment.Prepare(environment);
        Assert.Equal("/client/askpass", environment["GIT_ASKPASS"]);
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = GitSandbox.NoGit)]
    public void A_command_gets_its_input_and_gives_its_bytes()
    {
        using var sandbox = new GitSandbox();
        var git = new GitProcess(sandbox.Work);
        byte[] content = [0, 255, 13, 10];
        string id = git.Require(["hash-object", "-w", "--stdin"], Stop, content).Line;
        Assert.Equal(content, git.Require(["cat-file", "blob", id], Stop).Bytes);
        var failed = Assert.Throws<GitException>(() => git.Require(["cat-file", "blob", new string('1', 40)], Stop));
        Assert.Equal((GitFault.Failed, sandbox.Work), (failed.Fault, failed.Target));
        Assert.StartsWith($"'git cat-file' failed in '{sandbox.Work}': fatal: ", failed.Message, StringComparison.Ordinal);
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = GitSandbox.NoGit)]
    public void A_stopped_cmdlet_ends_git()
    {
        using var sandbox = new GitSandbox();
        using var stop = new CancellationTokenSource();
        var git = new GitProcess(sandbox.Work);

        // The alias says that it runs, and would then run forever.
        string started = sandbox["started"].Replace('\\', '/');
        using var watcher = new FileSystemWatcher(sandbox[[]]) { EnableRaisingEvents = true };
        watcher.Created += (_, e) =>
        {
            if (e.Name == "started") stop.Cancel();
        };
        Assert.Throws<OperationCanceledException>(() => git.Run(
            ["-c", $"alias.forever=!echo > '{started}'; while :; do :; done", "forever"], stop.Token));
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = GitSandbox.NoGit)]
    public void Objects_are_read_by_one_process()
    {
        using var sandbox = new GitSandbox();
        var repository = GitRepository.Find(sandbox.Work, Stop);
        string readme = sandbox.Git("rev-parse", "HEAD:README.md"), settings = sandbox.Git("rev-parse", "HEAD:wms.yaml");
        using var reader = new ObjectReader(repository.Git, Stop);
        Assert.Equal("A project"u8, reader.Read(readme)!);
        Assert.Null(reader.Read(new string('1', 40)));
        Assert.Equal("dataset:\n  path: data/training\n"u8, reader.Read(settings)!);
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = GitSandbox.NoGit)]
    public void A_repository_is_found_from_a_folder_in_it_and_in_a_linked_worktree()
    {
        using var sandbox = new GitSandbox();
        sandbox.Git("worktree", "add", "--quiet", "--detach", sandbox["linked"]);
        Directory.CreateDirectory(Path.Combine(sandbox.Work, "sub"));
        var repository = GitRepository.Find(Path.Combine(sandbox.Work, "sub"), Stop);
        var linked = GitRepository.Find(sandbox["linked"], Stop);
        Assert.Equal(repository.GitFolder, linked.CommonFolder);
        Assert.NotEqual(repository.GitFolder, linked.GitFolder);
        Assert.Equal(("sha1", sandbox.Head), (repository.ObjectFormat, linked.Resolve("HEAD", "commit", Stop)));
        var e = Assert.Throws<GitException>(() => GitRepository.Find(Path.GetTempPath(), Stop));
        Assert.Equal(GitFault.NoRepository, e.Fault);
    }
}
