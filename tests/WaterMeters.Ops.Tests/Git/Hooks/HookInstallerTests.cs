using WaterMeters.Ops.Git.Hooks;

namespace WaterMeters.Ops.Tests.Git.Hooks;

/// <summary>The hook is put where git looks for it, and nothing of another tool is lost.</summary>
public sealed class HookInstallerTests : IDisposable
{
    private const string Skip = "git is not installed.", SkipUnix = Shells.NoScripts;

    private static readonly HookPlaces Places = new() { Pwsh = ["/usr/bin/pwsh", "pwsh"], Module = ["/modules/WaterMeters"] };

    private readonly HookedRepository repository = new();

    public HookInstallerTests()
    {
        File.Delete(repository.Hook);
        repository.Git("config", "--remove-section", "watermeters");
    }

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    private string Config => Path.Combine(repository.Root, ".git", "config");

    [Fact(SkipUnless = nameof(Shells.HaveGit), SkipType = typeof(Shells), Skip = Skip)]
    public void Installs_once_and_leaves_nothing_behind()
    {
        byte[] before = File.ReadAllBytes(Config);
        File.WriteAllText(Path.Combine(repository.Root, "wms.yaml"), "dataset:\n  path: dados/água\n");
        var installed = Installer().Install(HookMethod.Auto, Places);
        Assert.Equal(HookOutcome.Installed, installed.Outcome);
        Assert.Equal(HookMethod.File, installed.Method);
        Assert.Equal(Path.GetFullPath(repository.Root), installed.Path);
        Assert.Equal(Path.GetFullPath(repository.Hook), installed.HookPath);
        Assert.Null(installed.EarlierHookPath);
        Assert.Equal("/usr/bin/pwsh\npwsh\n", repository.Git("config", "--local", "--get-all", "watermeters.pwsh"));
        Assert.Equal("/modules/WaterMeters\n", repository.Git("config", "--local", "--get-all", "watermeters.module"));
        Assert.Equal("dados/água\n", repository.Git("config", "--local", "--get-all", "watermeters.dataPrefix"));
        byte[] hook = File.ReadAllBytes(repository.Hook);
        Assert.Equal((byte)'#', hook[0]);
        Assert.DoesNotContain((byte)'\r', hook);

        byte[] config = File.ReadAllBytes(Config);
        Assert.Equal(HookOutcome.Unchanged, Installer().Install(HookMethod.Auto, Places).Outcome);
        Assert.Equal(config, File.ReadAllBytes(Config));
        File.AppendAllText(repository.Hook, "# older\n");
        Assert.Equal(HookOutcome.Updated, Installer().Install(HookMethod.Auto, Places).Outcome);
        Assert.Equal(hook, File.ReadAllBytes(repository.Hook));
        Assert.Equal(HookOutcome.Updated, Installer().Install(HookMethod.Auto, Places with { Module = ["/new"] }).Outcome);

        Assert.Equal(HookOutcome.Removed, Installer().Uninstall().Outcome);
        Assert.Equal(HookOutcome.NotInstalled, Installer().Uninstall().Outcome);
        Assert.False(File.Exists(repository.Hook));
        Assert.False(Directory.Exists(Path.Combine(repository.Root, ".git", "watermeters")));
        Assert.Equal(before, File.ReadAllBytes(Config));
    }

    [Fact(SkipUnless = nameof(Shells.HaveGit), SkipType = typeof(Shells), Skip = Skip)]
    public void Keeps_another_hook_and_restores_it_byte_for_byte()
    {
        byte[] other = [.. "#!/bin/sh\r\nexec other \"$@\" "u8, 0xFF, 0x00, 0x0A];
        File.WriteAllBytes(repository.Hook, other);
        HookedRepository.MakeExecutable(repository.Hook);
        var time = new DateTime(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(repository.Hook, time);
        HookedRepository.SetMode(repository.Hook, (UnixFileMode)0b111_000_000);

        var installed = Installer().Install(HookMethod.File, Places);
        Assert.Equal(Path.GetFullPath(repository.Earlier), installed.EarlierHookPath);
        Assert.Equal(other, File.ReadAllBytes(repository.Earlier));
        Assert.Equal(installed.EarlierHookPath, Installer().Install(HookMethod.File, Places).EarlierHookPath);

        Installer().Uninstall();
        Assert.Equal(other, File.ReadAllBytes(repository.Hook));
        Assert.Equal(time, File.GetLastWriteTimeUtc(repository.Hook));
        if (!OperatingSystem.IsWindows()) Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode(repository.Hook));
        Assert.False(File.Exists(repository.Earlier));
    }

    [Fact(SkipUnless = nameof(Shells.RunHooks), SkipType = typeof(Shells), Skip = SkipUnix)]
    public void Keeps_a_link_as_a_link()
    {
        HookedRepository.WriteScript(Path.Combine(repository.Root, "tools", "check"), "exit 0\n");
        Links.File(repository.Hook, "../../tools/check");
        Installer().Install(HookMethod.File, Places);
        Assert.Equal("../../tools/check", new FileInfo(repository.Earlier).LinkTarget);
        Assert.Null(new FileInfo(repository.Hook).LinkTarget);
        Assert.Equal("#!/bin/sh\nexit 0\n", File.ReadAllText(Path.Combine(repository.Root, "tools", "check")));
        Installer().Uninstall();
        Assert.Equal("../../tools/check", new FileInfo(repository.Hook).LinkTarget);

        // One that leads nowhere is someone's too.
        File.Delete(Path.Combine(repository.Root, "tools", "check"));
        Installer().Install(HookMethod.File, Places);
        Installer().Uninstall();
        Assert.Equal("../../tools/check", new FileInfo(repository.Hook).LinkTarget);
    }

    [Fact(SkipUnless = nameof(Shells.HaveGit), SkipType = typeof(Shells), Skip = Skip)]
    public void Continues_an_interrupted_installation_and_refuses_two_hooks_of_others()
    {
        HookedRepository.WriteScript(repository.Hook, "exit 0 # other\n");
        File.Copy(repository.Hook, repository.Earlier);
        Installer().Install(HookMethod.File, Places);

        // git-lfs wrote its hook over ours.
        HookedRepository.WriteScript(repository.Hook, "git lfs pre-push \"$@\"\n");
        var e = Assert.Throws<HookException>(() => Installer().Install(HookMethod.File, Places));
        Assert.Equal(Path.GetFullPath(repository.Hook), e.Path);
        var left = Installer().Uninstall();
        Assert.Equal(Path.GetFullPath(repository.Earlier), left.EarlierHookPath);
        Assert.Contains("git lfs", File.ReadAllText(repository.Hook));
        Assert.Contains("# other", File.ReadAllText(repository.Earlier));
    }

    [Theory(SkipUnless = nameof(Shells.RunHooks), SkipType = typeof(Shells), Skip = SkipUnix)]
    [InlineData(".tools/hooks")]
    [InlineData("HOME/hooks")]
    public void Goes_where_core_hooksPath_says(string path)
    {
        string folder = path.Replace("HOME", repository["."], StringComparison.Ordinal);
        repository.Git("config", "core.hooksPath", folder);
        var installed = Installer().Install(HookMethod.File, Places with { Pwsh = [repository.Pwsh] });
        Assert.Equal(Path.GetFullPath(Path.Combine(folder, "pre-push"), repository.Root), installed.HookPath);
        Assert.Equal(path.StartsWith("HOME", StringComparison.Ordinal), Repository().IsShared);
        repository.Commit("data/images/a.jpg");
        Assert.False(repository.Push("origin", "main").Passed);
        Assert.NotNull(repository.Asked);
        Installer().Uninstall();
        Assert.False(File.Exists(installed.HookPath));
    }

    [Fact(SkipUnless = nameof(Shells.RunHooks), SkipType = typeof(Shells), Skip = SkipUnix)]
    public void Is_one_for_all_linked_worktrees()
    {
        repository.Commit("src/a.txt");
        repository.Git("worktree", "add", "--quiet", "-b", "linked", repository["linked"]);
        var linked = new HookInstaller(HookRepository.Find(repository["linked"], Stopping), new HookSource(HookedRepository.Source));
        Assert.Equal(Path.GetFullPath(repository.Hook), linked.Install(HookMethod.Auto, Places).HookPath);
        Assert.Equal(HookOutcome.Unchanged, Installer().Install(HookMethod.Auto, Places).Outcome);
        Assert.Equal("false\n", repository.Git("config", "core.bare"));
    }

    [Fact(SkipUnless = nameof(Shells.HaveGit), SkipType = typeof(Shells), Skip = Skip)]
    public void Writes_LF_whatever_the_file_of_the_module_has()
    {
        string source = repository["source"];
        File.WriteAllText(source, "\uFEFF" + File.ReadAllText(HookedRepository.Source).ReplaceLineEndings("\r\n"));
        new HookInstaller(Repository(), new HookSource(source)).Install(HookMethod.File, Places);
        Assert.Equal(File.ReadAllBytes(HookedRepository.Source), File.ReadAllBytes(repository.Hook));
    }

    [Fact(SkipUnless = nameof(Shells.RunHooks), SkipType = typeof(Shells), Skip = SkipUnix)]
    public void Says_whether_git_runs_it()
    {
        var source = new HookSource(HookedRepository.Source);
        Assert.Equal(EnvironmentStatus.Ok, Check().Status);
        File.WriteAllText(Path.Combine(repository.Root, "wms.yaml"), "dataset: {path: data}\n");
        Require(EnvironmentStatus.Warning, "It is not installed in");

        Installer().Install(HookMethod.File, Places with { Pwsh = [repository.Pwsh], Module = ["WaterMeters"] });
        Require(EnvironmentStatus.Ok, "git runs it before each push");
        HookedRepository.SetMode(repository.Hook, UnixFileMode.UserRead);
        Require(EnvironmentStatus.Missing, "is not executable");
        HookedRepository.SetMode(repository.Hook, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.AppendAllText(repository.Hook, "# older\n");
        Require(EnvironmentStatus.Warning, "of another version");

        Installer().Install(HookMethod.File, Places with { Pwsh = [repository["nowhere"]], Module = ["WaterMeters"] });
        Require(EnvironmentStatus.Warning, "PowerShell is at none of its places");
        repository.Git("config", "core.hooksPath", ".husky/_");
        Require(EnvironmentStatus.Missing, "core.hooksPath is '.husky/_' (set in .git/config), where it is not.");
        repository.Git("config", "--unset", "core.hooksPath");
        HookedRepository.WriteScript(repository.Hook, "exit 0\n");
        Require(EnvironmentStatus.Missing, "is the hook of another tool now");
        Assert.Equal(EnvironmentStatus.Ok, HookInspector.Inspect(repository["."], source, Stopping).Status);

        EnvironmentCheck Check() => HookInspector.Inspect(repository.Root, source, Stopping);

        void Require(EnvironmentStatus status, string detail)
        {
            var check = Check();
            Assert.Equal(status, check.Status);
            Assert.Contains(detail, check.Detail);
            Assert.Equal(status == EnvironmentStatus.Ok ? "" : "Install-WmsHook", check.Remedy);
        }
    }

    [Fact(SkipUnless = nameof(Shells.HaveGit), SkipType = typeof(Shells), Skip = Skip)]
    public void Leaves_nothing_of_pushes_and_killed_installations_but_the_log()
    {
        File.AppendAllText(Config, "# The last line\n");
        byte[] before = File.ReadAllBytes(Config);
        HookedRepository.WriteScript(repository.Hook, "exit 0 # other\n");
        string own = Path.Combine(repository.Root, ".git", "watermeters");
        Installer().Install(HookMethod.File, Places);
        Directory.CreateDirectory(Path.Combine(own, "push", "files"));
        foreach (string name in (string[])["push/files/a.jpg", "push.lock", "branches", "pre-push.12.tmp", "skipped.log"])
        {
            File.WriteAllText(Path.Combine(own, name), "left");
        }

        File.WriteAllText(repository.Hook + ".34.tmp", "half");
        File.WriteAllText(repository.Earlier + ".56.tmp", "half");
        File.WriteAllText(repository.Hook + ".mine.tmp", "mine");
        Assert.Equal(HookOutcome.Removed, Installer().Uninstall().Outcome);
        Assert.Equal(["skipped.log"], Directory.EnumerateFileSystemEntries(own).Select(Path.GetFileName));
        Assert.Equal(["pre-push", "pre-push.mine.tmp"], Directory.EnumerateFiles(Path.GetDirectoryName(repository.Hook)!, "pre-push*")
            .Where(file => !file.EndsWith(".sample", StringComparison.Ordinal)).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(before, File.ReadAllBytes(Config));

        // Where the next call completes what a killed one began, nothing is left of that either.
        File.WriteAllText(repository.Hook + ".78.tmp", "half");
        Installer().Install(HookMethod.File, Places);
        Assert.False(File.Exists(repository.Hook + ".78.tmp"));
    }

    [Fact(SkipUnless = nameof(Shells.HaveGit), SkipType = typeof(Shells), Skip = Skip)]
    public void Says_what_to_do_about_settings_that_a_killed_git_left_locked()
    {
        File.WriteAllText(Config + ".lock", "");
        var e = Assert.Throws<GitException>(() => Installer().Install(HookMethod.File, Places));
        Assert.Contains("remove the file with the same name and '.lock' at its end", e.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(repository.Hook));
        File.Delete(Config + ".lock");
        Assert.Equal(HookOutcome.Installed, Installer().Install(HookMethod.File, Places).Outcome);
    }

    [Fact(SkipUnless = nameof(Shells.HaveGit), SkipType = typeof(Shells), Skip = Skip)]
    public void Asks_for_a_repository_with_a_work_tree()
    {
        var none = Assert.Throws<GitException>(() => HookRepository.Find(repository["."], Stopping));
        Assert.Equal(GitFault.NoRepository, none.Fault);
        Assert.Equal(GitFault.NoRepository, Assert.Throws<GitException>(() => HookRepository.Find(repository.Remote, Stopping)).Fault);
    }

    public void Dispose() => repository.Dispose();

    private HookRepository Repository() => HookRepository.Find(repository.Root, Stopping);

    private HookInstaller Installer() => new(Repository(), new HookSource(HookedRepository.Source));
}
