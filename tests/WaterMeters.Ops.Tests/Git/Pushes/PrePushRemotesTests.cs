using WaterMeters.Ops.Git.Pushes;

namespace WaterMeters.Ops.Tests.Git.Pushes;

/// <summary>Policies and repositories of other kinds: empty remotes, SHA-256, partial and shallow clones, submodules, Git LFS.</summary>
public class PrePushRemotesTests
{
    private const string NoGit = GitSandbox.NoGit, Name = "data/20261129-221500", Main = "refs/heads/main";

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void The_policy_of_the_remote_decides_and_not_the_one_that_is_pushed()
    {
        using var sandbox = new GitSandbox();
        sandbox.Write("wms.yaml", "dataset: {path: elsewhere}\nchecks: {PhotoWithoutMask: off}\nhook: {protected: nothing}\n");
        sandbox.Write("data/training/images/alone.jpg", GitSandbox.Photo(0));
        sandbox.Commit("Another policy");
        Assert.Equal(PrePushOutcome.ChecksFailed, sandbox.Push().Outcome);
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void Warnings_refuse_where_the_policy_says_so_and_checks_can_be_off()
    {
        using var sandbox = new GitSandbox(policy: "dataset: {path: data/training}\nchecks: {PhotoWithoutMask: warning}\n"
            + "hook: {refuse: warning}\n");
        sandbox.Write("data/training/images/alone.jpg", GitSandbox.Photo(0));
        sandbox.Commit("Alone");
        var result = sandbox.Push();
        Assert.Equal((PrePushOutcome.ChecksFailed, 0), (result.Outcome, result.ErrorCount));
        Assert.InRange(result.WarningCount!.Value, 1, 3);
        Assert.Equal(PrePushOutcome.Passed, sandbox.Push(sandbox.Line("HEAD", "refs/heads/feature")).Outcome);
    }

    [Theory(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    [InlineData("hook: {protect: main}\n", "has the unknown key 'hook.protect'")]
    [InlineData("hook: {refuse: never}\n", "Invalid value 'never' for hook.refuse")]
    [InlineData("hook: [\n", "is not valid YAML")]
    public void A_policy_that_cannot_be_read_refuses_photos_and_lets_code_through(string policy, string message)
    {
        using var sandbox = new GitSandbox(policy: policy);
        sandbox.Write("src/a.cs", "code");
        sandbox.Commit("Code");
        Assert.Equal(PrePushOutcome.Passed, sandbox.Push().Outcome);
        sandbox.CommitPairs(0);
        string before = sandbox.Snapshot();
        var result = sandbox.Push();
        Assert.Equal(PrePushOutcome.Refused, result.Outcome);
        Assert.Contains(message, result.Message, StringComparison.Ordinal);
        Assert.Contains("main:wms.yaml", result.Message, StringComparison.Ordinal);
        Assert.Equal(before, sandbox.Snapshot());
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void A_remote_that_does_not_answer_refuses_photos()
    {
        using var sandbox = new GitSandbox();
        sandbox.CommitPairs(0);
        string line = sandbox.Line("HEAD", Main);
        Directory.Move(sandbox.Remote, sandbox.Remote + ".away");
        var result = sandbox.Push(line);
        Directory.Move(sandbox.Remote + ".away", sandbox.Remote);
        Assert.Equal(PrePushOutcome.Refused, result.Outcome);
        Assert.StartsWith("Push refused: origin cannot be read", sandbox.Said[0], StringComparison.Ordinal);
        Assert.Empty(sandbox.DataBranches);
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void An_empty_remote_takes_the_code_first()
    {
        using var sandbox = new GitSandbox(isEmpty: true);
        string code = sandbox.Head;
        Assert.Equal(PrePushOutcome.Passed, sandbox.Push().Outcome);
        sandbox.CommitPairs(0);
        sandbox.CommitPairs(1);
        var result = sandbox.Push();
        Assert.Equal(PrePushOutcome.Refused, result.Outcome);
        Assert.Contains($"origin is empty", result.Message, StringComparison.Ordinal);
        Assert.Contains($"git push origin {code[..12]}:refs/heads/main", result.Message, StringComparison.Ordinal);
        sandbox.Git("push", "--quiet", "--no-verify", "origin", $"{code[..12]}:refs/heads/main");
        Assert.Equal(PrePushOutcome.DataPushed, sandbox.Push().Outcome);
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void The_branch_that_a_clone_checks_out_is_protected_whatever_its_name()
    {
        using var sandbox = new GitSandbox();
        sandbox.Git("push", "--quiet", "--no-verify", "origin", "main:trunk");
        GitSandbox.Run(sandbox.Remote, "symbolic-ref", "HEAD", "refs/heads/trunk");
        sandbox.CommitPairs(0);
        var result = sandbox.Push(sandbox.Line("HEAD", "refs/heads/trunk"));
        Assert.Equal((PrePushOutcome.DataPushed, "trunk"), (result.Outcome, result.TargetBranch));
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void Repositories_with_longer_ids_work()
    {
        using var sandbox = new GitSandbox("sha256");
        sandbox.CommitPairs(0);
        Assert.Equal(64, sandbox.Head.Length);
        string before = sandbox.Snapshot();
        Assert.Equal(PrePushOutcome.DataPushed, sandbox.Push().Outcome);
        sandbox.RequireDataBranch(Name, "A\tdata/training/images/meter_0.jpg", "A\tdata/training/masks/meter_0.png");
        Assert.Equal(before, sandbox.Snapshot());
        Assert.Equal(PrePushOutcome.AlreadyPushed, sandbox.Push().Outcome);
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void A_shallow_clone_pushes_its_photos()
    {
        using var sandbox = new GitSandbox();
        sandbox.Write("a.txt", "a");
        sandbox.Commit("More history");
        sandbox.Git("push", "--quiet", "--no-verify", "origin", "main");
        var result = PushFromClone(sandbox, 0, "--depth=1");
        Assert.Equal(PrePushOutcome.DataPushed, result.Outcome);
        sandbox.RequireDataBranch(Name, "A\tdata/training/images/meter_0.jpg", "A\tdata/training/masks/meter_0.png");
    }

    [Theory(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    [InlineData("--filter=blob:none")]
    [InlineData("--filter=tree:0")]
    public void A_partial_clone_is_served_while_its_remote_answers_and_refused_when_not(string filter)
    {
        using var sandbox = new GitSandbox();
        sandbox.CommitPairs(0);
        sandbox.Git("push", "--quiet", "--no-verify", "origin", "main");
        GitSandbox.Run(sandbox.Remote, "config", "uploadpack.allowFilter", "true");
        GitSandbox.Run(sandbox.Remote, "config", "uploadpack.allowAnySHA1InWant", "true");
        string clone = sandbox["clone"];
        GitSandbox.Run(sandbox.Work, "clone", "--quiet", "--no-checkout", filter, "file://" + sandbox.Remote.Replace('\\', '/'), clone);
        GitSandbox.Run(clone, "read-tree", "HEAD");
        GitSandbox.Run(clone, "cat-file", "blob", "HEAD:wms.yaml");
        File.WriteAllBytes(sandbox["mask"], GitSandbox.Mask(1));
        string id = GitSandbox.Run(clone, "hash-object", "-w", sandbox["mask"]);
        GitSandbox.Run(clone, "update-index", "--cacheinfo", $"100644,{id},data/training/masks/meter_0.png");

        // git commit would fetch the photo.
        string tree = GitSandbox.Run(clone, "write-tree", "--missing-ok");
        string line = $"HEAD {GitSandbox.Run(clone, "commit-tree", tree, "-p", "HEAD", "-m", "Mask")} {Main} {sandbox.RemoteMain}";
        var options = new PrePushOptions { Folder = clone, Remote = "origin", Url = sandbox.Remote };

        // The photo of the pair is not in the clone, and where it would be fetched from is away.
        GitSandbox.Run(clone, "config", "remote.origin.url", sandbox["nowhere"]);
        var refused = sandbox.Judge(options, line);
        Assert.Equal(PrePushOutcome.Refused, refused.Outcome);
        Assert.Contains("is not in this partial clone", refused.Message, StringComparison.Ordinal);
        Assert.Empty(sandbox.DataBranches);
        GitSandbox.Run(clone, "config", "remote.origin.url", "file://" + sandbox.Remote.Replace('\\', '/'));
        Assert.Equal(PrePushOutcome.DataPushed, sandbox.Judge(options, line).Outcome);
        sandbox.RequireDataBranch(Name, "M\tdata/training/masks/meter_0.png");
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void A_submodule_in_the_place_of_the_data_set_is_refused_and_elsewhere_it_passes()
    {
        using var sandbox = new GitSandbox();
        using var other = new GitSandbox();
        sandbox.Git("submodule", "--quiet", "add", other.Remote, "lib/other");
        sandbox.Commit("Library");
        Assert.Equal(PrePushOutcome.Passed, sandbox.Push().Outcome);
        sandbox.Git("submodule", "--quiet", "add", other.Remote, "data/training");
        sandbox.Commit("Data in a submodule");
        var result = sandbox.Push();
        Assert.Equal(PrePushOutcome.Refused, result.Outcome);
        Assert.StartsWith("'data/training' is a submodule", result.Message, StringComparison.Ordinal);

        // In the submodule itself, the hook works as anywhere.
        string inside = Path.Combine(sandbox.Work, "lib", "other");
        string data = Path.Combine(inside, "data", "training");
        foreach (string folder in (string[])["images", "masks"]) Directory.CreateDirectory(Path.Combine(data, folder));
        File.WriteAllBytes(Path.Combine(data, "images", "a.jpg"), GitSandbox.Photo(0));
        File.WriteAllBytes(Path.Combine(data, "masks", "a.png"), GitSandbox.Mask(0));
        GitSandbox.Run(inside, "add", "--all");
        GitSandbox.Run(inside, "commit", "--quiet", "-m", "Photos");
        string line = $"HEAD {GitSandbox.Run(inside, "rev-parse", "HEAD")} {Main} {other.RemoteMain}";
        result = sandbox.Judge(new PrePushOptions { Folder = inside, Remote = "origin", Url = other.Remote }, line);
        Assert.Equal(PrePushOutcome.DataPushed, result.Outcome);
        other.RequireDataBranch(Name, "A\tdata/training/images/a.jpg", "A\tdata/training/masks/a.png");
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void A_hook_that_refuses_the_data_branch_is_obeyed()
    {
        using var sandbox = new GitSandbox();
        string hook = Path.Combine(sandbox.Work, ".git", "hooks", "pre-push");
        Directory.CreateDirectory(Path.GetDirectoryName(hook)!);
        File.WriteAllText(hook,
            "#!/bin/sh\nread local id ref other\necho \"error: $WMS_DATA_PUSH $ref is not for this machine\" >&2\nexit 1\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(hook, (UnixFileMode)0b111_101_101);
        sandbox.CommitPairs(0);
        var result = sandbox.Push();
        Assert.Equal(PrePushOutcome.Refused, result.Outcome);
        Assert.Contains($"1 refs/heads/{Name} is not for this machine", result.Message, StringComparison.Ordinal);
        Assert.Empty(sandbox.DataBranches);
        File.Delete(hook);
        Assert.Equal(PrePushOutcome.DataPushed, sandbox.Push().Outcome);
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void A_name_that_another_push_takes_in_the_same_moment_is_left_to_it()
    {
        using var sandbox = new GitSandbox();
        string hook = Path.Combine(sandbox.Work, ".git", "hooks", "pre-push"), remote = sandbox.Remote.Replace('\\', '/');
        Directory.CreateDirectory(Path.GetDirectoryName(hook)!);
        File.WriteAllText(hook, $"#!/bin/sh\ngit --git-dir='{remote}' update-ref refs/heads/{Name} refs/heads/main\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(hook, (UnixFileMode)0b111_101_101);
        sandbox.CommitPairs(0);
        Assert.Equal((PrePushOutcome.DataPushed, Name + "-2"), (sandbox.Push().Outcome, sandbox.DataBranches[^1]));
        Assert.Equal(sandbox.RemoteMain, GitSandbox.Run(sandbox.Remote, "rev-parse", Name));
        sandbox.RequireDataBranch(Name + "-2", "A\tdata/training/images/meter_0.jpg", "A\tdata/training/masks/meter_0.png");
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void A_remote_that_goes_away_during_the_push_is_not_said_to_have_nothing()
    {
        using var sandbox = new GitSandbox();
        string hook = Path.Combine(sandbox.Work, ".git", "hooks", "pre-push"), remote = sandbox.Remote.Replace('\\', '/');
        Directory.CreateDirectory(Path.GetDirectoryName(hook)!);
        File.WriteAllText(hook, $"#!/bin/sh\nmv '{remote}' '{remote}.away'\nexit 1\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(hook, (UnixFileMode)0b111_101_101);
        sandbox.CommitPairs(0);
        var result = sandbox.Push();
        Assert.Equal(PrePushOutcome.Refused, result.Outcome);
        Assert.Contains($"was lost while the branch '{Name}' was pushed", result.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Nothing was sent", result.Message, StringComparison.Ordinal);
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void A_replaced_object_hides_no_photo()
    {
        using var sandbox = new GitSandbox();
        string tip = sandbox.CommitPairs(0);
        sandbox.Git("replace", tip, sandbox.Git("commit-tree", "-m", "x", "HEAD^^{tree}"));
        Assert.Equal(PrePushOutcome.DataPushed, sandbox.Push().Outcome);
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void A_branch_called_data_is_named_as_what_is_in_the_way()
    {
        using var sandbox = new GitSandbox();
        sandbox.Git("push", "--quiet", "--no-verify", "origin", "main:data");
        sandbox.CommitPairs(0);
        var result = sandbox.Push();
        Assert.Equal(PrePushOutcome.Refused, result.Outcome);
        Assert.Contains("has a branch 'data'", result.Message, StringComparison.Ordinal);
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void What_a_killed_push_left_is_removed_by_the_next()
    {
        using var sandbox = new GitSandbox();
        sandbox.CommitPairs(0);
        sandbox.Git("update-ref", "refs/watermeters/push/main", "HEAD");
        string left = Path.Combine(sandbox.Work, ".git", "watermeters", "push", "files");
        Directory.CreateDirectory(left);
        File.WriteAllText(Path.Combine(left, "half.jpg"), "half");
        File.WriteAllText(Path.Combine(sandbox.Work, ".git", "watermeters", "push.lock"), "");
        Assert.Equal(PrePushOutcome.DataPushed, sandbox.Push().Outcome);
        Assert.Empty(sandbox.Git("for-each-ref", "refs/watermeters/"));
        Assert.False(Directory.Exists(left));
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasLfs), SkipType = typeof(GitSandbox), Skip = "git-lfs is not installed.")]
    public void Photos_of_Git_LFS_are_checked_and_sent_themselves()
    {
        using var sandbox = new GitSandbox();
        sandbox.Git("lfs", "install", "--local", "--skip-repo");
        sandbox.Write(".gitattributes", "data/training/images/* filter=lfs diff=lfs merge=lfs -text\n");
        sandbox.Commit("Store photos with Git LFS");
        string attributes = sandbox.Head;
        sandbox.Write("data/training/images/b.jpg", "no photo");
        sandbox.Write("data/training/masks/b.png", GitSandbox.Mask(0));
        sandbox.Commit("Faulty");
        sandbox.Git("push", "--quiet", "--no-verify", "origin", $"{attributes}:refs/heads/main");
        Assert.StartsWith("version https://git-lfs", sandbox.Git("show", "HEAD:data/training/images/b.jpg"), StringComparison.Ordinal);
        Assert.Equal(PrePushOutcome.ChecksFailed, sandbox.Push().Outcome);
        Assert.StartsWith("data/training/images/b.jpg: PhotoUnreadable: ", sandbox.Said[0], StringComparison.Ordinal);
        sandbox.Write("data/training/images/b.jpg", GitSandbox.Photo(0));
        sandbox.Commit("Correct");
        string before = sandbox.Snapshot();
        Assert.Equal(PrePushOutcome.DataPushed, sandbox.Push().Outcome);
        Assert.Equal(before, sandbox.Snapshot());
        string oid = sandbox.Git("show", "HEAD:data/training/images/b.jpg").Split("sha256:")[1].Split('\n')[0];
        Assert.Equal(GitSandbox.Photo(0),
            File.ReadAllBytes(Path.Combine(sandbox.Remote, "lfs", "objects", oid[..2], oid[2..4], oid)));
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasLfs), SkipType = typeof(GitSandbox), Skip = "git-lfs is not installed.")]
    public void Pointers_are_refused_where_main_does_not_know_them_or_their_photo_is_lost()
    {
        using var sandbox = new GitSandbox();
        sandbox.Git("lfs", "install", "--local", "--skip-repo");
        sandbox.Write(".gitattributes", "data/training/images/* filter=lfs diff=lfs merge=lfs -text\n");
        sandbox.CommitPairs(0);
        var result = sandbox.Push();
        Assert.Equal(PrePushOutcome.Refused, result.Outcome);
        Assert.Contains(".gitattributes on main of origin does not say so", result.Message, StringComparison.Ordinal);
        Directory.Delete(Path.Combine(sandbox.Work, ".git", "lfs", "objects"), recursive: true);
        result = sandbox.Push();
        Assert.Equal(PrePushOutcome.Refused, result.Outcome);
        Assert.Contains("Git LFS cannot read 'data/training/images/meter_0.jpg'", result.Message, StringComparison.Ordinal);
        Assert.Empty(sandbox.DataBranches);
    }

    private static PrePushResult PushFromClone(GitSandbox sandbox, int number, params string[] options)
    {
        string clone = sandbox["clone"];
        GitSandbox.Run(sandbox.Work, ["clone", "--quiet", .. options, "file://" + sandbox.Remote.Replace('\\', '/'), clone]);
        foreach (string folder in (string[])["images", "masks"]) Directory.CreateDirectory(Path.Combine(clone, "data", "training", folder));
        File.WriteAllBytes(Path.Combine(clone, "data", "training", "images", $"meter_{number}.jpg"), GitSandbox.Photo(number));
        File.WriteAllBytes(Path.Combine(clone, "data", "training", "masks", $"meter_{number}.png"), GitSandbox.Mask(number));
        GitSandbox.Run(clone, "add", "--all");
        GitSandbox.Run(clone, "commit", "--quiet", "-m", "Pairs");
        string line = $"HEAD {GitSandbox.Run(clone, "rev-parse", "HEAD")} {Main} {sandbox.RemoteMain}";
        return sandbox.Judge(new PrePushOptions { Folder = clone, Remote = "origin", Url = sandbox.Remote }, line);
    }
}
