namespace WaterMeters.Ops.Tests.Git.Hooks;

/// <summary>What surrounds the hook: other hooks, variables, places of PowerShell, short environments.</summary>
public sealed class HookScriptEnvironmentTests
{
    private const string Skip = Shells.NoScripts;

    private const string Record = "printf '%s|%s|%s\\n' \"$#\" \"$1\" \"$2\" >>\"$HOME/earlier\"\ncat >>\"$HOME/earlier\"\n";

    [Theory(SkipUnless = nameof(Shells.RunHooks), SkipType = typeof(Shells), Skip = Skip)]
    [MemberData(nameof(Shells.All), MemberType = typeof(Shells))]
    public void Calls_the_earlier_hook_with_the_same_arguments_and_input(string shell)
    {
        using var repository = new HookedRepository(shell);
        string first = repository.Commit("src/a.txt");
        HookedRepository.WriteScript(repository.Earlier, Record);
        repository.Git("tag", "v1");
        string zeros = new('0', 40);
        Assert.True(repository.Push("origin", "main", "v1").Passed);
        Assert.Equal(
            $"2|origin|{repository.Remote}\nrefs/heads/main {first} refs/heads/main {zeros}\nrefs/tags/v1 {first} refs/tags/v1 {zeros}\n",
            File.ReadAllText(repository["earlier"]));

        // After ours let the push through, and not if it did not.
        File.Delete(repository["earlier"]);
        repository.Commit("data/images/a.jpg");
        Assert.False(repository.Push("origin", "main").Passed);
        Assert.False(File.Exists(repository["earlier"]));
        repository.Answer(10);
        HookedRepository.WriteScript(repository.Earlier, Record + "echo refused by the earlier hook >&2\nexit 7\n");
        var (passed, _, error) = repository.Push("origin", "main");
        Assert.False(passed);
        Assert.Contains("refused by the earlier hook", error);
        Assert.Equal(first, repository.OnRemote("main"));

        // git ignores a hook that is not executable.
        HookedRepository.SetMode(repository.Earlier, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.True(repository.Push("origin", "main").Passed);
    }

    [Theory(SkipUnless = nameof(Shells.RunHooks), SkipType = typeof(Shells), Skip = Skip)]
    [MemberData(nameof(Shells.All), MemberType = typeof(Shells))]
    public void Calls_an_earlier_hook_that_reads_its_own_name_under_that_name(string shell)
    {
        // husky has one script for all hooks, which finds the user's by the name that it was called with.
        using var repository = new HookedRepository(shell);
        repository.Commit("src/a.txt");
        HookedRepository.Write(repository.Earlier, "#!/usr/bin/env sh\n. \"$(dirname \"$0\")/h\"");
        HookedRepository.MakeExecutable(repository.Earlier);
        HookedRepository.Write(
            Path.Combine(Path.GetDirectoryName(repository.Hook)!, "h"), "echo \"name $(basename \"$0\")\" >&2\n" + Record + "exit 3\n");
        var (passed, _, error) = repository.Push("origin", "main");
        Assert.False(passed);
        Assert.Contains("name pre-push\n", error);
        Assert.StartsWith($"2|origin|{repository.Remote}\nrefs/heads/main ", File.ReadAllText(repository["earlier"]));
    }

    [Theory(SkipUnless = nameof(Shells.RunHooks), SkipType = typeof(Shells), Skip = Skip)]
    [MemberData(nameof(Shells.All), MemberType = typeof(Shells))]
    public void Works_without_HOME_with_one_folder_in_PATH_and_CRLF_in_the_config(string shell)
    {
        using var repository = new HookedRepository(shell);
        repository.Commit("src/a.txt");
        string config = Path.Combine(repository.Root, ".git", "config");
        File.WriteAllText(config, File.ReadAllText(config).ReplaceLineEndings("\r\n"));
        Directory.CreateDirectory(repository["one"]);
        File.CreateSymbolicLink(repository["one", "git"], Shells.GitPath);
        foreach (string name in Environment.GetEnvironmentVariables().Keys.Cast<string>()) repository.Environment[name] = null;
        repository.Environment["HOME"] = null;
        repository.Environment["PATH"] = repository["one"];

        // The process is started with the PATH of this one.
        Assert.True(repository.Push("origin", "main").Passed);
        Assert.Null(repository.Asked);
        repository.Commit("data/images/a.jpg");
        var (passed, _, error) = repository.Push("origin", "main");
        Assert.False(passed);
        Assert.NotNull(repository.Asked);
        Assert.DoesNotContain("not found", error);
        repository.Environment["WMS_SKIP_HOOK"] = "1";
        (passed, _, error) = repository.Push("origin", "main");
        Assert.True(passed, error);
        Assert.Contains("is not checked", error);
    }

    [Fact(SkipUnless = nameof(Shells.RunHooks), SkipType = typeof(Shells), Skip = Skip)]
    public void Lets_a_push_through_with_the_variable_says_so_and_logs_it()
    {
        using var repository = new HookedRepository();
        HookedRepository.WriteScript(repository.Earlier, Record);
        string photo = repository.Commit("data/images/a.jpg");
        repository.Environment["WMS_SKIP_HOOK"] = "yes";
        var (passed, _, error) = repository.Push("origin", "main");
        Assert.False(passed);
        Assert.Contains("WMS_SKIP_HOOK=yes has no effect", error);

        repository.Environment["WMS_SKIP_HOOK"] = "1";
        string line = $"refs/heads/main {photo} refs/heads/main {new string('0', 40)}";
        error = repository.CallHook("origin", "https://user:secret@example.com/a/b@c.git", line + "\n");
        string log = Path.Combine(repository.Root, ".git", "watermeters", "skipped.log");
        Assert.Contains("WMS_SKIP_HOOK=1: this push is not checked. It is logged in .git/watermeters/skipped.log.", error);
        string logged = Assert.Single(File.ReadAllLines(log));
        string[] fields = logged.Split('\t');
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", fields[0]);
        Assert.StartsWith("A user <user@example.com> ", fields[1]);
        Assert.Equal(["https://example.com/a/b@c.git", line], fields[2..]);
        Assert.True(repository.Push("origin", "main").Passed);
        Assert.Equal(photo, repository.OnRemote("main"));
        Assert.True(File.Exists(repository["earlier"]));

        // In a linked worktree, the log is the same.
        repository.Git("worktree", "add", "--quiet", "-b", "linked", repository["linked"]);
        Assert.True(repository.Run(repository["linked"], ["push", "origin", "linked"]).Passed);
        Assert.Equal(3, File.ReadAllLines(log).Length);
    }

    [Fact(SkipUnless = nameof(Shells.RunHooks), SkipType = typeof(Shells), Skip = Skip)]
    public void Lets_the_push_of_Invoke_WmsPrePush_pass_to_data_branches_only_and_not_past_other_hooks()
    {
        using var repository = new HookedRepository();
        HookedRepository.WriteScript(repository.Earlier, Record);
        repository.Commit("data/images/a.jpg");
        repository.Environment["WMS_DATA_PUSH"] = "1";
        Assert.False(repository.Push("origin", "main").Passed);
        Assert.False(repository.Push("origin", "main:data/1", "main:main").Passed);
        Assert.NotNull(repository.Asked);
        repository.Forget();
        Assert.True(repository.Push("origin", "main:data/20261129-220000").Passed);
        Assert.Null(repository.Asked);
        Assert.Contains("refs/heads/data/20261129-220000", File.ReadAllText(repository["earlier"]));
    }

    [Theory(SkipUnless = nameof(Shells.RunHooks), SkipType = typeof(Shells), Skip = Skip)]
    [MemberData(nameof(Shells.All), MemberType = typeof(Shells))]
    public void Without_PowerShell_it_lets_code_through_and_refuses_data(string shell)
    {
        using var repository = new HookedRepository(shell);
        repository.Git("config", "watermeters.pwsh", repository["nowhere", "pwsh"]);
        Directory.CreateDirectory(repository["one"]);
        File.CreateSymbolicLink(repository["one", "git"], Shells.GitPath);
        repository.Environment["PATH"] = repository["one"];
        RequireMessages(repository);
    }

    [Fact(SkipUnless = nameof(Shells.RunHooks), SkipType = typeof(Shells), Skip = Skip)]
    public void Takes_the_first_place_of_PowerShell_that_works()
    {
        using var repository = new HookedRepository();
        repository.Commit("data/images/a.jpg");
        HookedRepository.WriteScript(repository["old", "pwsh"], "exit 3\n");
        HookedRepository.WriteScript(repository["broken", "pwsh"], "exit 0\n");
        HookedRepository.Write(repository["text", "pwsh"], "not a program");
        HookedRepository.WriteScript(repository["second", "pwsh"], "exit 10\n");
        repository.Git("config", "--unset-all", "watermeters.pwsh");
        foreach (string name in (string[])["nowhere", "old", "broken", "text"])
        {
            repository.Git("config", "--add", "watermeters.pwsh", repository[name, "pwsh"]);
        }

        repository.Git("config", "--add", "watermeters.pwsh", repository.Pwsh);
        repository.Git("config", "--add", "watermeters.pwsh", repository["second", "pwsh"]);

        // A refusal is final.
        Assert.False(repository.Push("origin", "main").Passed);
        Assert.NotNull(repository.Asked);
        repository.Answer(150);
        Assert.True(repository.Push("origin", "main").Passed);
    }

    [Fact(SkipUnless = nameof(Shells.RunHooks), SkipType = typeof(Shells), Skip = Skip)]
    public void Does_nothing_in_a_repository_without_WaterMeters()
    {
        using var repository = new HookedRepository();
        repository.Git("config", "--remove-section", "watermeters");
        repository.Commit("data/images/a.jpg");
        Assert.True(repository.Push("origin", "main").Passed);

        // One that was cloned, and has settings, is one.
        repository.Commit("wms.yaml", "dataset: {path: data}\n");
        HookedRepository.WriteScript(repository["bin", "pwsh"], "exit 1\n");
        repository.Environment["PATH"] = repository["bin"] + ":/usr/bin:/bin";
        repository.Commit("data/images/b.jpg");
        Assert.False(repository.Push("origin", "main").Passed);
    }

    private static void RequireMessages(HookedRepository repository)
    {
        string code = repository.Commit("src/a.txt");
        var (passed, _, error) = repository.Push("origin", "main");
        Assert.True(passed);
        Assert.Contains("PowerShell was not found, so a push with training data would be refused. This one has none", error);

        string image = repository.Commit("docs/screen.png");
        (passed, _, error) = repository.Push("origin", "main");
        Assert.True(passed, error);
        Assert.Contains("could not be checked, because PowerShell was not found", error);
        Assert.Equal(image, repository.OnRemote("main"));

        repository.Commit("meters/images/fotografia água.jpg");
        (passed, _, error) = repository.Push("origin", "main");
        Assert.False(passed);
        Assert.Contains("This push is refused. It can carry training data, such as meters/images/fotografia água.jpg,", error);
        Assert.Contains("in sh: WMS_SKIP_HOOK=1 git push", error);
        Assert.Contains("In PowerShell: $env:WMS_SKIP_HOOK = 1; git push", error);
        Assert.Equal(image, repository.OnRemote("main"));
        Assert.NotEqual(code, image);
    }
}
