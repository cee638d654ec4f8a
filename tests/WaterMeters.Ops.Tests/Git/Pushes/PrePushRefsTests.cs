using WaterMeters.Ops.Git.Pushes;

namespace WaterMeters.Ops.Tests.Git.Pushes;

/// <summary>What is pushed, and to which ref: deletes, tags, several refs, forced pushes, other branches.</summary>
public class PrePushRefsTests
{
    private const string NoGit = GitSandbox.NoGit, Name = "data/20261129-221500", Main = "refs/heads/main";

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void Photos_pass_to_other_branches_to_tags_and_to_data_branches()
    {
        using var sandbox = new GitSandbox();
        sandbox.CommitPairs(0);
        sandbox.Git("tag", "-a", "v1", "-m", "v1");
        foreach (string target in (string[])["refs/heads/feature/photos", "refs/tags/v1", "refs/heads/data/by-hand", "refs/notes/x"])
        {
            Assert.Equal(PrePushOutcome.Passed, sandbox.Push(sandbox.Line("HEAD", target)).Outcome);
        }

        Assert.Empty(sandbox.DataBranches);
        Assert.Equal(PrePushOutcome.DataPushed, sandbox.Push(sandbox.Line("v1", Main)).Outcome);
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void Photos_that_a_later_commit_removes_do_not_get_into_the_history()
    {
        using var sandbox = new GitSandbox();
        string start = sandbox.Head;
        sandbox.CommitPairs(0);
        sandbox.Git("rm", "-r", "--quiet", "data");
        sandbox.Write("src/a.cs", "code");
        sandbox.Commit("Remove them");
        var result = sandbox.Push();
        Assert.Equal(PrePushOutcome.Refused, result.Outcome);
        Assert.Contains("would stay in the history", result.Message, StringComparison.Ordinal);
        Assert.Contains($"git reset --soft {start[..12]}", result.Message, StringComparison.Ordinal);
        sandbox.Git("reset", "--quiet", "--soft", start);
        sandbox.Commit("In one commit");
        Assert.Equal(PrePushOutcome.Passed, sandbox.Push().Outcome);
        Assert.Empty(sandbox.DataBranches);
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void A_deleted_branch_and_nothing_at_all_pass()
    {
        using var sandbox = new GitSandbox();
        sandbox.CommitPairs(0);
        Assert.Equal(PrePushOutcome.Passed, sandbox.Push(sandbox.Line("(delete)", Main)).Outcome);
        Assert.Equal(PrePushOutcome.Passed, sandbox.Push([]).Outcome);
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void One_ref_with_photos_for_main_refuses_all()
    {
        using var sandbox = new GitSandbox();
        sandbox.CommitPairs(0);
        string[] lines =
        [
            sandbox.Line("HEAD", "refs/heads/feature"), sandbox.Line("HEAD", "refs/tags/v1"), sandbox.Line("HEAD", Main),
        ];
        var result = sandbox.Push(lines);
        Assert.Equal((PrePushOutcome.DataPushed, "main", Name), (result.Outcome, result.TargetBranch, result.DataBranch));
        Assert.Equal([Name], sandbox.DataBranches);
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void Two_protected_branches_with_the_same_data_get_one_data_branch_and_with_other_data_two()
    {
        using var sandbox = new GitSandbox(policy: "dataset: {path: data/training}\nhook: {protected: [main, 'release/*']}\n");
        string first = sandbox.CommitPairs(0), second = sandbox.CommitPairs(1);
        string release = $"{first} {first} refs/heads/release/1 {new string('0', first.Length)}";
        var result = sandbox.Push(sandbox.Line(first, Main), release);
        Assert.Equal(("main, release/1", Name), (result.TargetBranch, result.DataBranch));
        result = sandbox.Push(sandbox.Line(second, Main), release);
        Assert.Equal(PrePushOutcome.DataPushed, result.Outcome);
        Assert.Equal([Name, Name + "-2"], sandbox.DataBranches);
        Assert.Equal($"{Name}-2, {Name}", result.DataBranch);
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void A_refusal_after_a_data_branch_names_it()
    {
        using var sandbox = new GitSandbox(policy: "dataset: {path: data/training}\nhook: {protected: [main, release]}\n");
        string first = sandbox.CommitPairs(0), second = sandbox.CommitPairs(1);
        string hook = Path.Combine(sandbox.Work, ".git", "hooks", "pre-push");
        Directory.CreateDirectory(Path.GetDirectoryName(hook)!);
        File.WriteAllText(hook, "#!/bin/sh\nread local id ref other\ncase $ref in *-2) exit 1;; esac\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(hook, (UnixFileMode)0b111_101_101);
        var result = sandbox.Push($"{first} {first} refs/heads/release {new string('0', first.Length)}", sandbox.Line(second, Main));
        Assert.Equal((PrePushOutcome.Refused, Name), (result.Outcome, result.DataBranch));
        Assert.EndsWith($"A part of the training data is on {Name}, and is found there when you push again.", result.Message,
            StringComparison.Ordinal);
        Assert.Equal([Name], sandbox.DataBranches);
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void A_new_protected_branch_may_have_what_main_has()
    {
        using var sandbox = new GitSandbox(policy: "dataset: {path: data/training}\nhook: {protected: release}\n");
        sandbox.CommitPairs(0);
        sandbox.Git("push", "--quiet", "--no-verify", "origin", "main");
        Assert.Equal(PrePushOutcome.Passed, sandbox.Push(sandbox.Line("HEAD", "refs/heads/release")).Outcome);
        sandbox.CommitPairs(1);
        Assert.Equal(PrePushOutcome.DataPushed, sandbox.Push(sandbox.Line("HEAD", "refs/heads/release")).Outcome);
        sandbox.RequireDataBranch(Name, "A\tdata/training/images/meter_1.jpg", "A\tdata/training/masks/meter_1.png");
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void A_forced_push_that_would_take_away_photos_of_others_is_refused_as_one_to_fetch_first()
    {
        using var sandbox = new GitSandbox();
        string start = sandbox.Head;
        sandbox.CommitPairs(0);
        sandbox.Git("push", "--quiet", "--no-verify", "origin", "main");
        sandbox.Git("reset", "--quiet", "--hard", start);
        sandbox.Write("src/a.cs", "code");
        sandbox.Commit("Code on an old main");
        string before = sandbox.Snapshot();
        var result = sandbox.Push();
        Assert.Equal(PrePushOutcome.Refused, result.Outcome);
        Assert.Contains("fetch first", result.Message, StringComparison.Ordinal);
        Assert.Contains("2 training files of others, such as 'data/training/images/meter_0.jpg'", result.Message, StringComparison.Ordinal);
        Assert.Equal(before, sandbox.Snapshot());
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void A_remote_that_was_rewritten_and_is_unknown_here_is_fetched_and_only_our_photos_go_to_the_branch()
    {
        using var sandbox = new GitSandbox();
        Rewrite(sandbox, "notes.txt", "x"u8.ToArray());
        sandbox.CommitPairs(1);
        string line = sandbox.Line("HEAD", Main), before = sandbox.Snapshot();
        Assert.NotEqual(0, GitSandbox.Try(sandbox.Work, "cat-file", "-e", sandbox.RemoteMain).Code);
        Assert.Equal(PrePushOutcome.DataPushed, sandbox.Push(line).Outcome);
        sandbox.RequireDataBranch(Name, "A\tdata/training/images/meter_1.jpg", "A\tdata/training/masks/meter_1.png");
        Assert.Equal(before, sandbox.Snapshot());
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void Code_on_top_of_an_unknown_remote_object_is_left_to_git()
    {
        using var sandbox = new GitSandbox();
        Rewrite(sandbox, "notes.txt", "x"u8.ToArray());
        sandbox.Write("src/a.cs", "code");
        sandbox.Commit("Code");
        Assert.Equal(PrePushOutcome.Passed, sandbox.Push().Outcome);
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void A_photo_that_main_changed_too_is_not_overwritten()
    {
        using var sandbox = new GitSandbox();
        sandbox.CommitPairs(0);
        sandbox.Git("push", "--quiet", "--no-verify", "origin", "main");
        Rewrite(sandbox, "data/training/masks/meter_0.png", GitSandbox.Mask(2));
        sandbox.Write("data/training/masks/meter_0.png", GitSandbox.Mask(3));
        sandbox.Commit("My mask");
        var result = sandbox.Push();
        Assert.Equal(PrePushOutcome.Refused, result.Outcome);
        Assert.Contains("'data/training/masks/meter_0.png' was changed on main of origin too", result.Message, StringComparison.Ordinal);
        Assert.Empty(sandbox.DataBranches);
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void A_history_without_a_common_commit_takes_nothing_away()
    {
        using var sandbox = new GitSandbox();
        sandbox.CommitPairs(0);
        sandbox.Git("push", "--quiet", "--no-verify", "origin", "main");
        sandbox.Git("checkout", "--quiet", "--orphan", "new");
        sandbox.Git("rm", "-r", "--quiet", "--force", ".");
        sandbox.CommitPairs(1);
        Assert.Equal(PrePushOutcome.DataPushed, sandbox.Push().Outcome);
        sandbox.RequireDataBranch(Name, "A\tdata/training/images/meter_1.jpg", "A\tdata/training/masks/meter_1.png");
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void A_push_by_address_has_no_name()
    {
        using var sandbox = new GitSandbox();
        sandbox.CommitPairs(0);
        var options = new PrePushOptions { Folder = sandbox.Work, Remote = sandbox.Remote, Url = sandbox.Remote };
        var result = sandbox.Judge(options, sandbox.Line("HEAD", Main));
        Assert.Equal((PrePushOutcome.DataPushed, sandbox.Remote), (result.Outcome, result.Remote));
        Assert.EndsWith($"on the new branch {Name} of {sandbox.Remote}.", sandbox.Said[0], StringComparison.Ordinal);
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void A_linked_worktree_pushes_as_the_main_one_does()
    {
        using var sandbox = new GitSandbox();
        string linked = sandbox["linked"];
        sandbox.CommitPairs(0);
        sandbox.Git("worktree", "add", "--quiet", "-b", "side", linked);
        string before = sandbox.Snapshot(linked);
        var options = new PrePushOptions { Folder = linked, Remote = "origin", Url = sandbox.Remote };
        var result = sandbox.Judge(options, sandbox.Line("side", Main));
        Assert.Equal(PrePushOutcome.DataPushed, result.Outcome);
        Assert.Equal(before, sandbox.Snapshot(linked));
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void Names_with_spaces_other_letters_and_quotes_stay_what_they_are()
    {
        using var sandbox = new GitSandbox();
        sandbox.AddPair(0, "medição 'nº 1' 水表");
        sandbox.Commit("Letters");
        Assert.Equal(PrePushOutcome.DataPushed, sandbox.Push().Outcome);
        sandbox.RequireDataBranch(Name,
            "A\tdata/training/images/medição 'nº 1' 水表.jpg", "A\tdata/training/masks/medição 'nº 1' 水表.png");
        sandbox.Write("data/training/images/açaí.jpg", GitSandbox.Photo(2));
        sandbox.Commit("Half");
        sandbox.Push();
        Assert.StartsWith("data/training/images/açaí.jpg: PhotoWithoutMask", sandbox.Said[0], StringComparison.Ordinal);
    }

    /// <summary>Puts a commit on the remote's main branch from another clone, so that it is unknown here.</summary>
    private static void Rewrite(GitSandbox sandbox, string path, byte[] content)
    {
        string other = sandbox["other"];
        GitSandbox.Run(sandbox.Work, "clone", "--quiet", sandbox.Remote, other);
        string file = Path.Combine([other, .. path.Split('/')]);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, content);
        GitSandbox.Run(other, "add", "--all");
        GitSandbox.Run(other, "commit", "--quiet", "--amend", "-m", "Rewritten by another");
        GitSandbox.Run(other, "push", "--quiet", "--force", "origin", "HEAD:main");
    }
}
