using WaterMeters.Ops.Git.Pushes;

namespace WaterMeters.Ops.Tests.Git.Pushes;

/// <summary>Ways by which photos could get past the hook, or the hook could fail where git does not.</summary>
public class PrePushWaysAroundTests
{
    private const string NoGit = GitSandbox.NoGit, Name = "data/20261129-221500", Main = "refs/heads/main";

    [Theory(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    [InlineData("data/training/images")]
    [InlineData("data/training")]
    [InlineData("data")]
    public void A_link_in_the_place_of_the_data_set_is_refused(string path)
    {
        // The photos that it leads to are in a folder that is none of training data.
        using var sandbox = new GitSandbox();
        sandbox.AddPair(0, "a", "docs/training");
        sandbox.Commit("Documents");
        Assert.Equal(PrePushOutcome.Passed, sandbox.Push().Outcome);
        sandbox.Write("target", "../../docs/training/images");
        string id = sandbox.Git("hash-object", "-w", "target");
        sandbox.Git("update-index", "--add", "--cacheinfo", $"120000,{id},{path}");
        sandbox.Git("commit", "--quiet", "-m", "Link");
        var result = sandbox.Push();
        Assert.Equal(PrePushOutcome.Refused, result.Outcome);
        Assert.StartsWith($"'{path}' is a symbolic link", result.Message, StringComparison.Ordinal);
        Assert.Empty(sandbox.DataBranches);
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void A_photo_that_is_a_link_is_a_finding_and_a_link_elsewhere_passes()
    {
        using var sandbox = new GitSandbox();
        sandbox.Write("target", "../../secret.jpg");
        string id = sandbox.Git("hash-object", "-w", "target");
        sandbox.Git("update-index", "--add", "--cacheinfo", $"120000,{id},docs/link");
        sandbox.Git("commit", "--quiet", "-m", "Link");
        Assert.Equal(PrePushOutcome.Passed, sandbox.Push().Outcome);
        sandbox.Git("update-index", "--add", "--cacheinfo", $"120000,{id},data/training/images/a.jpg");
        sandbox.Write("data/training/masks/a.png", GitSandbox.Mask(0));
        sandbox.Git("add", "data/training/masks/a.png");
        sandbox.Git("commit", "--quiet", "-m", "Photo");
        var result = sandbox.Push();
        Assert.Equal(PrePushOutcome.ChecksFailed, result.Outcome);
        Assert.StartsWith("data/training/images/a.jpg: PhotoUnreadable", sandbox.Said[0], StringComparison.Ordinal);
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void Files_with_names_that_are_not_UTF_8_do_not_stop_a_push()
    {
        using var sandbox = new GitSandbox();
        sandbox.Write("names", "x");
        string id = sandbox.Git("hash-object", "-w", "names");
        string list = sandbox["list"];
        File.WriteAllBytes(list, [
            .. System.Text.Encoding.ASCII.GetBytes($"100644 {id}\tdocs/"), 0xE8, 0,
            .. System.Text.Encoding.ASCII.GetBytes($"100644 {id}\tdocs/"), 0xE9, 0]);
        new WaterMeters.Ops.Git.GitProcess(sandbox.Work).Require(
            ["update-index", "-z", "--index-info"], TestContext.Current.CancellationToken, File.ReadAllBytes(list));
        sandbox.Git("commit", "--quiet", "-m", "Old names");
        sandbox.Git("push", "--quiet", "--no-verify", "origin", "main");
        foreach (string kind in (string[])["images/a.jpg", "masks/a.png"])
        {
            sandbox.Write("data/training/" + kind, kind[0] == 'i' ? GitSandbox.Photo(0) : GitSandbox.Mask(0));
            sandbox.Git("add", "data/training/" + kind);
        }

        sandbox.Git("commit", "--quiet", "-m", "Pair");
        Assert.Equal(PrePushOutcome.DataPushed, sandbox.Push().Outcome);
        sandbox.RequireDataBranch(Name, "A\tdata/training/images/a.jpg", "A\tdata/training/masks/a.png");
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void A_commit_that_is_not_found_is_not_taken_for_code()
    {
        // As with GIT_ALTERNATE_OBJECT_DIRECTORIES, which git has and its children do not.
        using var sandbox = new GitSandbox();
        string zeros = new('0', sandbox.Head.Length), unknown = new('1', sandbox.Head.Length);
        var result = sandbox.Push($"refs/heads/x {unknown} {Main} {zeros}");
        Assert.Equal(PrePushOutcome.Refused, result.Outcome);
        Assert.Contains(unknown[..12], result.Message, StringComparison.Ordinal);
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void Another_name_of_a_protected_branch_is_protected()
    {
        using var sandbox = new GitSandbox(policy: "dataset: {path: data/training}\nhook: {protected: [main]}\n");
        GitSandbox.Run(sandbox.Remote, "symbolic-ref", "refs/heads/trunk", Main);
        sandbox.CommitPairs(0);
        Assert.Equal(PrePushOutcome.DataPushed, sandbox.Push(sandbox.Line("HEAD", "refs/heads/trunk")).Outcome);

        // A folder on Windows does not tell these names apart.
        Assert.Equal(PrePushOutcome.AlreadyPushed, sandbox.Push(sandbox.Line("HEAD", "refs/heads/Main")).Outcome);
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void The_address_that_git_gives_is_not_rewritten_again()
    {
        // The remote /x/remote.git is pushed to as /x/here/remote.git, which is again below /x.
        using var sandbox = new GitSandbox();
        string parent = Path.GetDirectoryName(sandbox.Remote)!.Replace('\\', '/');
        sandbox.Git("config", $"url.{parent}/here/.insteadOf", $"{parent}/");
        sandbox.Git("config", $"url.{parent}/there/.pushInsteadOf", $"{parent}/");
        sandbox.CommitPairs(0);
        string line = $"HEAD {sandbox.Head} {Main} {sandbox.RemoteMain}";
        Assert.Equal(PrePushOutcome.DataPushed, sandbox.Push(line).Outcome);
        Assert.Equal(PrePushOutcome.AlreadyPushed, sandbox.Push(line).Outcome);
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void A_merge_of_many_branches_brings_no_photo_to_main_and_loses_none()
    {
        using var sandbox = new GitSandbox();
        string start = sandbox.Head;
        foreach (int number in (int[])[0, 1, 2])
        {
            sandbox.Git("checkout", "--quiet", "-b", $"side{number}", start);
            sandbox.CommitPairs(number);
        }

        sandbox.Git("checkout", "--quiet", "main");
        sandbox.Git("merge", "--quiet", "--no-ff", "-m", "Octopus", "side0", "side1", "side2");
        string before = sandbox.Snapshot();
        var result = sandbox.Push();
        Assert.Equal((PrePushOutcome.DataPushed, 3, 3), (result.Outcome, result.PhotoCount, result.MaskCount));
        Assert.Equal(before, sandbox.Snapshot());

        // Only the second parent has them.
        sandbox.Git("checkout", "--quiet", "-b", "ours", start);
        sandbox.Git("merge", "--quiet", "-s", "ours", "--no-ff", "-m", "Ours", "side0");
        result = sandbox.Push(sandbox.Line("HEAD", Main));
        Assert.Equal(PrePushOutcome.Refused, result.Outcome);
        Assert.Contains("would stay in the history", result.Message, StringComparison.Ordinal);
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void A_name_with_control_characters_is_refused_and_shown_without_them()
    {
        using var sandbox = new GitSandbox();
        sandbox.Write("p", GitSandbox.Photo(0));
        string id = sandbox.Git("hash-object", "-w", "p");
        sandbox.Git("update-index", "--add", "--cacheinfo", $"100644,{id},data/training/images/a\u001b[2J\nb.jpg");
        sandbox.Git("commit", "--quiet", "-m", "Photo");
        var result = sandbox.Push();
        Assert.Equal(PrePushOutcome.Refused, result.Outcome);
        Assert.Contains("data/training/images/a?[2J?b.jpg", result.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(sandbox.Said, line => line.Any(char.IsControl));
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void A_program_that_another_hook_leaves_running_is_not_waited_for()
    {
        using var sandbox = new GitSandbox();
        string hook = Path.Combine(sandbox.Work, ".git", "hooks", "pre-push"), running = sandbox["running"].Replace('\\', '/');
        Directory.CreateDirectory(Path.GetDirectoryName(hook)!);
        // It ends when the file is gone, with the folder at the latest.
        File.WriteAllText(running, "");
        File.WriteAllText(hook, $"#!/bin/sh\n(while [ -e '{running}' ]; do sleep 1; done) &\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(hook, (UnixFileMode)0b111_101_101);
        sandbox.CommitPairs(0);
        try
        {
            Assert.Equal(PrePushOutcome.DataPushed, sandbox.Push().Outcome);
        }
        finally
        {
            File.Delete(running);
        }
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void Settings_of_the_user_change_neither_photos_nor_the_inner_push()
    {
        using var sandbox = new GitSandbox();
        sandbox.Write(".gitattributes", "* text=auto eol=crlf\n*.jpg filter=spoil\n*.png filter=spoil\n");
        sandbox.Commit("Attributes");
        sandbox.Git("push", "--quiet", "--no-verify", "origin", "main");
        sandbox.CommitPairs(0);
        foreach (string setting in (string[])
            [
                "core.autocrlf=true", "core.quotePath=true", "filter.spoil.smudge=false", "filter.spoil.clean=false",
                "push.followTags=true", "push.default=matching", "push.gpgSign=if-asked",
                "commit.gpgSign=true", "gpg.program=false", "remote.pushDefault=elsewhere", "remote.origin.mirror=true",
                "fetch.prune=true", "remote.origin.prune=true", "color.ui=always", "log.showSignature=true", "diff.renames=copies",
                "core.precomposeUnicode=true", "transfer.credentialsInUrl=die", "push.useForceIfIncludes=true",
                "core.preferSymlinkRefs=false", "status.showUntrackedFiles=no", "diff.noprefix=true", "core.alternateRefsCommand=false",
                "remote.elsewhere.url=/nowhere", "diff.external=false", "core.pager=false", "submodule.recurse=true",
            ])
        {
            string[] parts = setting.Split('=', 2);
            sandbox.Git("config", parts[0], parts[1]);
        }

        sandbox.Git("tag", "-a", "-m", "x", "--no-sign", "v9");
        string before = sandbox.Snapshot(), line = sandbox.Line("HEAD", Main);
        Assert.Equal(PrePushOutcome.DataPushed, sandbox.Push(line).Outcome);
        Assert.Equal(before, sandbox.Snapshot());
        sandbox.RequireDataBranch(Name, "A\tdata/training/images/meter_0.jpg", "A\tdata/training/masks/meter_0.png");
        Assert.Empty(GitSandbox.Run(sandbox.Remote, "tag"));
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void A_repository_with_alternates_pushes_its_photos()
    {
        using var sandbox = new GitSandbox();
        sandbox.CommitPairs(0);
        string clone = sandbox["clone"];
        GitSandbox.Run(sandbox.Work, "clone", "--quiet", "--shared", sandbox.Work, clone);
        string line = $"HEAD {sandbox.Head} {Main} {sandbox.RemoteMain}";
        var options = new PrePushOptions { Folder = clone, Remote = "other", Url = sandbox.Remote };
        Assert.Equal(PrePushOutcome.DataPushed, sandbox.Judge(options, line).Outcome);
        sandbox.RequireDataBranch(Name, "A\tdata/training/images/meter_0.jpg", "A\tdata/training/masks/meter_0.png");
    }

    [Fact(SkipUnless = nameof(GitSandbox.HasGit), SkipType = typeof(GitSandbox), Skip = NoGit)]
    public void Other_versions_in_earlier_commits_are_said_with_the_data_branch()
    {
        using var sandbox = new GitSandbox();
        string start = sandbox.Head;
        sandbox.CommitPairs(0);
        sandbox.Write("data/training/images/meter_0.jpg", GitSandbox.Photo(1));
        sandbox.Write("data/training/masks/meter_0.png", GitSandbox.Mask(1));
        sandbox.Write("src/a.cs", "code");
        sandbox.Commit("Other versions");
        Assert.Equal(PrePushOutcome.DataPushed, sandbox.Push().Outcome);
        Assert.Contains(sandbox.Said, line => line.Contains($"git reset --soft {start[..12]}", StringComparison.Ordinal));

        // What is said works.
        sandbox.Git("reset", "--quiet", "--soft", start);
        sandbox.Git("commit", "--quiet", "-m", "One");
        sandbox.Merge(Name);
        sandbox.Git("pull", "--quiet", "--rebase");
        Assert.Equal(PrePushOutcome.Passed, sandbox.Push().Outcome);
        Assert.Equal("src/a.cs", sandbox.Git("diff", "--name-only", "origin/main", "HEAD"));
    }
}
