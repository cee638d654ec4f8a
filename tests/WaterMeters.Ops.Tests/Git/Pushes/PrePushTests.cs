using WaterMeters.Ops.Git.Pushes;

namespace WaterMeters.Ops.Tests.Git.Pushes;

/// <summary>Pushes of training data to main: with real git and a real remote, whose ids are compared before and after.</summary>
public class PrePushTests
{
    private const string NoGit = GitSandbox.NoGit, Name = "data/20261129-221500";

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void Code_passes_without_asking_the_remote()
    {
        using var sandbox = new GitSandbox();
        sandbox.Write("src/a.cs", "code");
        sandbox.Commit("Code");
        string before = sandbox.Snapshot(), line = sandbox.Line("HEAD", "refs/heads/main");
        Directory.Move(sandbox.Remote, sandbox.Remote + ".away");
        var result = sandbox.Push(line);
        Directory.Move(sandbox.Remote + ".away", sandbox.Remote);
        Assert.Equal((PrePushOutcome.Passed, true), (result.Outcome, result.IsAllowed));
        Assert.Empty(sandbox.Said);
        Assert.Equal(before, sandbox.Snapshot());
        Assert.False(Directory.Exists(Path.Combine(sandbox.Work, ".git", "watermeters")));
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void Photos_for_main_go_to_a_branch_of_their_own_and_the_push_is_refused()
    {
        using var sandbox = new GitSandbox();
        sandbox.Write("src/a.cs", "code");
        string tip = sandbox.CommitPairs(0, 1);
        string before = sandbox.Snapshot();
        var result = sandbox.Push();
        Assert.Equal((PrePushOutcome.DataPushed, false, Name), (result.Outcome, result.IsAllowed, result.DataBranch));
        Assert.Equal((2, 2, 0, 0, 0), (result.PhotoCount, result.MaskCount, result.DvcFileCount, result.RemovedCount, result.ErrorCount));
        Assert.Equal([Name], sandbox.DataBranches);
        sandbox.RequireDataBranch(Name, "A\tdata/training/images/meter_0.jpg", "A\tdata/training/images/meter_1.jpg",
            "A\tdata/training/masks/meter_0.png", "A\tdata/training/masks/meter_1.png");
        Assert.Equal(result.Commit, GitSandbox.Run(sandbox.Remote, "rev-parse", Name));
        Assert.Equal(before, sandbox.Snapshot());
        Assert.Equal(tip, sandbox.Head);
        Assert.Equal($"Your training data (2 photos and 2 masks) are on the new branch {Name} of origin.", sandbox.Said[0]);
        Assert.Contains(sandbox.Said, line => line.Contains("1 other changed file,", StringComparison.Ordinal));
        Assert.Equal("Ana <ana@example.com>", GitSandbox.Run(sandbox.Remote, "log", "-1", "--format=%an <%ae>", Name));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(sandbox.Work, ".git", "watermeters")));
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void The_same_data_pushed_again_find_their_branch()
    {
        using var sandbox = new GitSandbox();
        sandbox.CommitPairs(0);
        sandbox.Push();
        sandbox.Git("commit", "--quiet", "--amend", "-m", "Other words");
        var again = sandbox.Push();
        Assert.Equal((PrePushOutcome.AlreadyPushed, false, Name), (again.Outcome, again.IsAllowed, again.DataBranch));
        Assert.Null(again.Commit);
        Assert.Null(again.ErrorCount);
        Assert.StartsWith($"Your training data (1 photo and 1 mask) were on the branch {Name}", sandbox.Said[0], StringComparison.Ordinal);
        Assert.Equal([Name], sandbox.DataBranches);
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void The_same_data_from_another_clone_find_the_branch_too_and_leave_nothing_of_it_here()
    {
        using var sandbox = new GitSandbox();
        string other = sandbox["other"];
        GitSandbox.Run(sandbox.Work, "clone", "--quiet", sandbox.Remote, other);
        sandbox.CommitPairs(0);
        string commit = sandbox.Push().Commit!;
        GitSandbox.Run(other, "fetch", "--quiet", sandbox.Work, "main");
        GitSandbox.Run(other, "merge", "--quiet", "FETCH_HEAD");
        string line = $"HEAD {GitSandbox.Run(other, "rev-parse", "HEAD")} refs/heads/main {sandbox.RemoteMain}";
        for (int i = 0; i < 2; i++)
        {
            var again = sandbox.Judge(new PrePushOptions { Folder = other, Remote = "origin", Url = sandbox.Remote }, line);
            Assert.Equal((PrePushOutcome.AlreadyPushed, Name), (again.Outcome, again.DataBranch));
            Assert.NotEqual(0, GitSandbox.Try(other, "cat-file", "-e", commit).Code);
        }

        Assert.Equal([Name], sandbox.DataBranches);
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void Other_data_in_the_same_second_get_another_branch()
    {
        using var sandbox = new GitSandbox();
        sandbox.CommitPairs(0);
        sandbox.Push();
        sandbox.Git("reset", "--quiet", "--hard", "origin/main");
        sandbox.CommitPairs(1);
        Assert.Equal(Name + "-2", sandbox.Push().DataBranch);
        Assert.Equal([Name, Name + "-2"], sandbox.DataBranches);
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void After_the_merge_the_rest_of_the_push_passes()
    {
        using var sandbox = new GitSandbox();
        sandbox.Write("src/a.cs", "code");
        sandbox.CommitPairs(0);
        sandbox.Merge(sandbox.Push().DataBranch!);
        sandbox.Git("pull", "--quiet", "--no-rebase", "--no-edit", "origin", "main");
        var result = sandbox.Push();
        Assert.Equal(PrePushOutcome.Passed, result.Outcome);
        Assert.Equal([Name], sandbox.DataBranches);
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void Data_that_were_merged_and_reverted_get_a_new_branch()
    {
        using var sandbox = new GitSandbox();
        string tip = sandbox.CommitPairs(0);
        sandbox.Merge(sandbox.Push().DataBranch!);
        sandbox.Git("fetch", "--quiet");
        sandbox.Git("reset", "--quiet", "--hard", "origin/main");
        sandbox.Git("revert", "--no-edit", "HEAD");
        GitSandbox.Run(sandbox.Work, "push", "--quiet", "--no-verify", "origin", "HEAD:main");
        sandbox.Git("revert", "--no-edit", "HEAD");
        Assert.NotEqual(tip, sandbox.Head);
        var again = sandbox.Push();
        Assert.Equal((PrePushOutcome.DataPushed, Name + "-2"), (again.Outcome, again.DataBranch));
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void Faulty_pairs_are_refused_with_a_line_each_and_nothing_is_sent()
    {
        using var sandbox = new GitSandbox();
        sandbox.AddPair(0, "good");
        sandbox.Write("data/training/images/alone.jpg", GitSandbox.Photo(1));
        sandbox.Write("data/training/images/text.jpg", "no photo");
        sandbox.Write("data/training/masks/text.png", GitSandbox.Mask(2));
        sandbox.Write("data/training/images/sub/deep.jpg", GitSandbox.Photo(3));
        sandbox.Commit("Faulty");
        string before = sandbox.Snapshot();
        var result = sandbox.Push();
        Assert.Equal((PrePushOutcome.ChecksFailed, 3), (result.Outcome, result.ErrorCount));
        Assert.StartsWith("data/training/images/alone.jpg: PhotoWithoutMask: ", sandbox.Said[0], StringComparison.Ordinal);
        Assert.StartsWith("data/training/images/text.jpg: PhotoUnreadable: ", sandbox.Said[1], StringComparison.Ordinal);
        Assert.StartsWith("data/training/images/sub/deep.jpg: PhotoWithoutMask: ", sandbox.Said[2], StringComparison.Ordinal);
        Assert.StartsWith("Push refused: the checks found 3 errors", sandbox.Said[3], StringComparison.Ordinal);
        Assert.DoesNotContain(sandbox.Said, line => line.Contains(sandbox.Work, StringComparison.Ordinal));
        Assert.Empty(sandbox.DataBranches);
        Assert.Equal(before, sandbox.Snapshot());
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void What_is_in_git_is_checked_and_not_the_work_tree()
    {
        using var sandbox = new GitSandbox();
        sandbox.Write("data/training/images/a.jpg", "no photo");
        sandbox.Write("data/training/masks/a.png", GitSandbox.Mask(0));
        sandbox.Commit("Faulty");
        sandbox.AddPair(0, "a");
        Assert.Equal(PrePushOutcome.ChecksFailed, sandbox.Push().Outcome);
        sandbox.Commit("Correct");
        sandbox.Write("data/training/images/a.jpg", "not committed");
        Assert.Equal(PrePushOutcome.DataPushed, sandbox.Push().Outcome);
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void Only_the_pairs_of_the_push_are_checked_with_the_half_that_is_there()
    {
        using var sandbox = new GitSandbox();
        sandbox.AddPair(0, "a");
        sandbox.Write("data/training/images/old.jpg", "an old fault of main");
        sandbox.Commit("Data of main");
        sandbox.Git("push", "--quiet", "--no-verify", "origin", "main");
        sandbox.Write("data/training/masks/a.png", GitSandbox.Mask(1));
        sandbox.Commit("Another mask");
        var result = sandbox.Push();
        Assert.Equal((PrePushOutcome.DataPushed, 0, 1), (result.Outcome, result.PhotoCount, result.MaskCount));
        sandbox.RequireDataBranch(Name, "M\tdata/training/masks/a.png");
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void Removed_and_renamed_pairs_go_the_same_way_and_half_a_pair_does_not()
    {
        using var sandbox = new GitSandbox();
        sandbox.CommitPairs(0, 1, 2);
        sandbox.Git("push", "--quiet", "--no-verify", "origin", "main");
        sandbox.Git("rm", "--quiet", "data/training/images/meter_0.jpg", "data/training/masks/meter_0.png");
        sandbox.Git("mv", "data/training/images/meter_1.jpg", "data/training/images/other.jpg");
        sandbox.Git("mv", "data/training/masks/meter_1.png", "data/training/masks/other.png");
        sandbox.Commit("Remove one, rename one");
        var result = sandbox.Push();
        Assert.Equal((PrePushOutcome.DataPushed, 1, 1, 4), (result.Outcome, result.PhotoCount, result.MaskCount, result.RemovedCount));
        sandbox.RequireDataBranch(Name, "D\tdata/training/images/meter_0.jpg", "D\tdata/training/images/meter_1.jpg",
            "A\tdata/training/images/other.jpg", "D\tdata/training/masks/meter_0.png", "D\tdata/training/masks/meter_1.png",
            "A\tdata/training/masks/other.png");
        sandbox.Git("rm", "--quiet", "data/training/masks/meter_2.png");
        sandbox.Commit("Half a pair");
        Assert.Equal(PrePushOutcome.ChecksFailed, sandbox.Push().Outcome);
        Assert.StartsWith("data/training/images/meter_2.jpg: PhotoWithoutMask: ", sandbox.Said[0], StringComparison.Ordinal);
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void The_stored_split_goes_with_its_photos_and_alone_it_passes()
    {
        using var sandbox = new GitSandbox();
        sandbox.Write("data/training/split/notes.txt", "x");
        sandbox.Commit("Split");
        Assert.Equal(PrePushOutcome.Passed, sandbox.Push().Outcome);
        sandbox.CommitPairs(0);
        Assert.Equal(PrePushOutcome.DataPushed, sandbox.Push().Outcome);
        sandbox.RequireDataBranch(Name, "A\tdata/training/images/meter_0.jpg", "A\tdata/training/masks/meter_0.png",
            "A\tdata/training/split/notes.txt");
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void A_changed_dvc_file_is_training_data_and_must_be_one()
    {
        using var sandbox = new GitSandbox();
        sandbox.Write("data/training/images.dvc", "outs:\n- md5: 5b2e19c40075fd0f8ca15261809cda3f.dir\n  size: 10223\n  nfiles: 26\n"
            + "  hash: md5\n  path: images\n");
        sandbox.Commit("Version");
        var result = sandbox.Push();
        Assert.Equal((PrePushOutcome.DataPushed, 1, 0), (result.Outcome, result.DvcFileCount, result.PhotoCount));
        sandbox.RequireDataBranch(Name, "A\tdata/training/images.dvc");
        sandbox.Write("data/training/images.dvc", "<<<<<<< ours\n");
        sandbox.Commit("Conflict");
        Assert.Equal(PrePushOutcome.ChecksFailed, sandbox.Push().Outcome);
        Assert.StartsWith("data/training/images.dvc: DvcFileUnreadable: ", sandbox.Said[0], StringComparison.Ordinal);
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void A_preview_checks_and_sends_nothing()
    {
        using var sandbox = new GitSandbox();
        sandbox.CommitPairs(0);
        string before = sandbox.Snapshot();
        var options = new PrePushOptions { Folder = sandbox.Work, Remote = "origin", IsPreview = true };
        var result = sandbox.Judge(options, sandbox.Line("HEAD", "refs/heads/main"));
        Assert.Equal((PrePushOutcome.WouldPush, 0, sandbox.Remote), (result.Outcome, result.ErrorCount, result.Url));
        Assert.Empty(sandbox.DataBranches);
        Assert.Equal(before, sandbox.Snapshot());
    }
}
