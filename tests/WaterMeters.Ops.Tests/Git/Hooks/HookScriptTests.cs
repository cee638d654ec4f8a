using System.Text.RegularExpressions;
using WaterMeters.Ml.Datasets;

namespace WaterMeters.Ops.Tests.Git.Hooks;

/// <summary>What the hook finds out without PowerShell: it never misses training data, and code starts no PowerShell.</summary>
public sealed class HookScriptTests
{
    private const string Skip = Shells.NoScripts;

    [Theory(SkipUnless = nameof(Shells.RunHooks), SkipType = typeof(Shells), Skip = Skip)]
    [MemberData(nameof(Shells.All), MemberType = typeof(Shells))]
    public void Lets_code_through_without_PowerShell(string shell)
    {
        using var repository = new HookedRepository(shell);
        string first = repository.Commit("src/a.txt");
        var (passed, _, error) = repository.Push("origin", "main");
        Assert.True(passed, error);
        Assert.DoesNotContain("WaterMeters", error);
        Assert.Equal(first, repository.OnRemote("main"));
        string second = repository.Commit("docs/read me.md");
        repository.Git("tag", "v1");
        Assert.True(repository.Push("origin", "main", "v1", "main:feature").Passed);
        Assert.True(repository.Push("origin", ":feature").Passed);
        Assert.Equal(second, repository.OnRemote("main"));
        Assert.Null(repository.Asked);
    }

    [Theory(SkipUnless = nameof(Shells.RunHooks), SkipType = typeof(Shells), Skip = Skip)]
    [MemberData(nameof(Shells.All), MemberType = typeof(Shells))]
    public void Gives_a_push_with_photos_to_PowerShell(string shell)
    {
        using var repository = new HookedRepository(shell);
        string old = repository.Commit("src/a.txt");
        repository.PushUnchecked("origin", "main");
        string photo = repository.Commit("data/training/images/a.jpg");
        Assert.False(repository.Push("origin", "main").Passed);
        Assert.Equal(old, repository.OnRemote("main"));
        string line = $"refs/heads/main {photo} refs/heads/main {old}";
        Assert.Matches($@"\A/modules/Water Meters\n\n\d+\norigin\n{Regex.Escape(repository.Remote)}\n{line}\n\z", repository.Asked);

        repository.Answer(10);
        var (passed, output, error) = repository.Push("--porcelain", "origin", "main");
        Assert.True(passed, error);
        Assert.Equal(photo, repository.OnRemote("main"));
        Assert.StartsWith("To ", output);
    }

    [Theory(SkipUnless = nameof(Shells.RunHooks), SkipType = typeof(Shells), Skip = Skip)]
    [InlineData("any folder/IMG_1.JPG")]
    [InlineData("data/training/masks/a.png")]
    [InlineData("a.jfif")]
    [InlineData("x/y.WebP")]
    [InlineData("x/images/a.heic")]
    [InlineData("x/Masks/sub/a.tif")]
    [InlineData("data/training/images.dvc")]
    [InlineData("dados/treino novo/anything")]
    [InlineData("Dados/Treino Novo/anything")]
    [InlineData("água/水表.jpeg")]
    public void Takes_for_training_data(string name)
    {
        using var repository = new HookedRepository();
        repository.Commit("src/a.txt");
        repository.PushUnchecked("origin", "main");
        repository.Commit(name);
        Assert.False(repository.Push("origin", "main").Passed);
        Assert.NotNull(repository.Asked);
    }

    [Theory(SkipUnless = nameof(Shells.RunHooks), SkipType = typeof(Shells), Skip = Skip)]
    [InlineData("x/images")]
    [InlineData("dados")]
    [InlineData("dados/treino novo/sub")]
    public void Finds_a_link_in_the_place_of_training_data(string name)
    {
        using var repository = new HookedRepository();
        repository.Commit("dados.txt", "elsewhere");
        repository.Commit("x/images.cs", "code");
        repository.PushUnchecked("origin", "main");
        string id = repository.Git("rev-parse", "HEAD:dados.txt").Trim();
        repository.Git("update-index", "--add", "--cacheinfo", $"120000,{id},src/link");
        repository.Git("commit", "--quiet", "-m", "link");
        Assert.True(repository.Push("origin", "main").Passed);
        repository.Git("update-index", "--add", "--cacheinfo", $"120000,{id},{name}");
        repository.Git("commit", "--quiet", "-m", "link to data");
        Assert.False(repository.Push("origin", "main").Passed);
        Assert.NotNull(repository.Asked);
    }

    [Theory(SkipUnless = nameof(Shells.RunHooks), SkipType = typeof(Shells), Skip = Skip)]
    [InlineData("--glob-pathspecs")]
    [InlineData("--noglob-pathspecs")]
    [InlineData("--literal-pathspecs")]
    public void Takes_its_paths_for_patterns_whatever_the_user_does(string option)
    {
        using var repository = new HookedRepository();
        repository.Commit("src/a.txt");
        repository.PushUnchecked("origin", "main");
        repository.Commit("any/folder.dvc");
        Assert.False(repository.Run(repository.Root, [option, "push", "origin", "main"]).Passed);
        Assert.NotNull(repository.Asked);
    }

    [Fact(SkipUnless = nameof(Shells.RunHooks), SkipType = typeof(Shells), Skip = Skip)]
    public void Knows_every_extension_of_a_photo()
    {
        string script = File.ReadAllText(HookedRepository.Source);
        string list = script.Split("for extension in ")[1].Split(';')[0];
        Assert.Equal(PhotoFolder.Extensions.Select(e => e[1..]).Order(), list.Split(' ').Order());
    }

    [Fact(SkipUnless = nameof(Shells.RunHooks), SkipType = typeof(Shells), Skip = Skip)]
    public void Finds_what_a_later_commit_takes_back_renames_or_deletes()
    {
        using var repository = new HookedRepository();
        repository.Commit("src/a.txt");
        repository.Commit("data/images/old.jpg", "a photo");
        repository.PushUnchecked("origin", "main");

        repository.Commit("data/images/new.jpg");
        repository.Git("rm", "--quiet", "data/images/new.jpg");
        repository.CommitAll("take it back");
        RequireAsked(repository);

        repository.Git("mv", "data/images/old.jpg", "data/images/renamed.jpg");
        repository.CommitAll("rename");
        RequireAsked(repository);

        repository.Git("rm", "--quiet", "data/images/old.jpg");
        repository.CommitAll("delete");
        RequireAsked(repository);

        static void RequireAsked(HookedRepository repository)
        {
            Assert.False(repository.Push("origin", "main").Passed);
            Assert.NotNull(repository.Asked);
            repository.Forget();
            repository.Git("reset", "--quiet", "--hard", "origin/main");
        }
    }

    [Fact(SkipUnless = nameof(Shells.RunHooks), SkipType = typeof(Shells), Skip = Skip)]
    public void Finds_a_photo_that_only_a_merge_has()
    {
        using var repository = new HookedRepository();
        repository.Commit("src/a.txt");
        repository.PushUnchecked("origin", "main");
        repository.Git("checkout", "--quiet", "-b", "side");
        repository.Commit("src/b.txt");
        repository.Git("checkout", "--quiet", "main");
        repository.Commit("src/c.txt");
        repository.Git("merge", "--quiet", "--no-ff", "--no-commit", "side");
        repository.Commit("data/images/in the merge.jpg");
        Assert.False(repository.Push("origin", "main").Passed);
        Assert.NotNull(repository.Asked);
        repository.Forget();

        // And one that only the merge had.
        repository.Git("rm", "--quiet", "data/images/in the merge.jpg");
        repository.CommitAll("take it back");
        Assert.False(repository.Push("origin", "main:new").Passed);
        Assert.NotNull(repository.Asked);
    }

    [Fact(SkipUnless = nameof(Shells.RunHooks), SkipType = typeof(Shells), Skip = Skip)]
    public void Finds_photos_that_a_branch_is_set_back_to()
    {
        using var repository = new HookedRepository();
        string old = repository.Commit("data/masks/a.png", "old");
        repository.Commit("data/masks/a.png", "new");
        repository.PushUnchecked("origin", "main");
        Assert.False(repository.Push("--force", "origin", $"{old}:main").Passed);
        Assert.NotNull(repository.Asked);
        repository.Forget();

        // The same content as a new commit, through a merge that takes all of the old side.
        string merge = repository.Git("commit-tree", $"{old}^{{tree}}", "-p", "main", "-p", old, "-m", "back").Trim();
        Assert.False(repository.Push("origin", $"{merge}:main").Passed);
        Assert.NotNull(repository.Asked);
    }

    [Fact(SkipUnless = nameof(Shells.RunHooks), SkipType = typeof(Shells), Skip = Skip)]
    public void Finds_in_several_refs_what_one_of_them_has_already()
    {
        using var repository = new HookedRepository();
        repository.Commit("src/a.txt");
        repository.PushUnchecked("origin", "main");
        repository.Git("checkout", "--quiet", "-b", "feature");
        repository.Commit("data/images/a.jpg");
        repository.PushUnchecked("origin", "feature");
        repository.Commit("src/b.txt");

        // New for main are the photos that feature has there.
        Assert.False(repository.Push("origin", "feature", "feature:main").Passed);
        Assert.NotNull(repository.Asked);
        repository.Forget();
        Assert.False(repository.Push("origin", "feature~1:main").Passed);
        Assert.NotNull(repository.Asked);
        repository.Forget();

        // Not for feature itself.
        Assert.True(repository.Push("origin", "feature").Passed);
        Assert.Null(repository.Asked);
    }

    [Fact(SkipUnless = nameof(Shells.RunHooks), SkipType = typeof(Shells), Skip = Skip)]
    public void Lets_code_through_that_is_based_on_photos_of_the_main_branch()
    {
        using var repository = new HookedRepository();
        repository.Commit("data/images/a.jpg");
        repository.PushUnchecked("origin", "main");
        repository.Git("checkout", "--quiet", "-b", "código");
        repository.Commit("src/b.txt");
        Assert.True(repository.Push("origin", "código").Passed);
        repository.Git("tag", "-a", "v1", "-m", "v1");
        Assert.True(repository.Push("origin", "v1", "HEAD:other").Passed);
        Assert.Null(repository.Asked);

        // By address, git does not say which branches the remote has.
        Assert.False(repository.Push(repository.Remote, "HEAD:third").Passed);
        Assert.NotNull(repository.Asked);
    }

    [Fact(SkipUnless = nameof(Shells.RunHooks), SkipType = typeof(Shells), Skip = Skip)]
    public void Gives_a_push_to_PowerShell_where_the_remote_has_a_commit_that_is_not_here()
    {
        using var repository = new HookedRepository();
        repository.Commit("src/a.txt");
        repository.PushUnchecked("origin", "main");
        string clone = repository["clone"];
        repository.GitIn(repository["."], "clone", "--quiet", repository.Remote, clone);
        repository.GitIn(clone, "-c", "user.name=b", "-c", "user.email=b@example.com", "commit", "--quiet", "--allow-empty", "-m", "other");
        repository.GitIn(clone, "push", "--quiet");
        repository.Commit("src/b.txt");
        Assert.False(repository.Push("--force", "origin", "main").Passed);
        Assert.NotNull(repository.Asked);
    }

    [Fact(SkipUnless = nameof(Shells.RunHooks), SkipType = typeof(Shells), Skip = Skip)]
    public void Reads_the_objects_that_are_pushed_not_those_that_replace_them()
    {
        using var repository = new HookedRepository();
        string clean = repository.Commit("src/a.txt");
        repository.PushUnchecked("origin", "main");
        string photo = repository.Commit("data/images/a.jpg");
        string harmless = repository.Git("commit-tree", $"{clean}^{{tree}}", "-p", clean, "-m", "harmless").Trim();
        repository.Git("replace", photo, harmless);
        Assert.False(repository.Push("origin", "main").Passed);
        Assert.NotNull(repository.Asked);
    }

    [Fact(SkipUnless = nameof(Shells.RunHooks), SkipType = typeof(Shells), Skip = Skip)]
    public void Finds_a_changed_submodule()
    {
        using var repository = new HookedRepository();
        string other = repository["other"];
        repository.GitIn(repository["."], "init", "--quiet", other);
        repository.GitIn(other, "-c", "user.name=b", "-c", "user.email=b@example.com", "commit", "--quiet", "--allow-empty", "-m", "1");
        repository.Git("submodule", "--quiet", "add", other, "photos of others");
        repository.CommitAll("submodule");
        repository.PushUnchecked("origin", "main");
        repository.Commit("src/a.txt");
        Assert.True(repository.Push("origin", "main").Passed);
        Assert.Null(repository.Asked);
        repository.GitIn(
            Path.Combine(repository.Root, "photos of others"), "-c", "user.name=b", "-c", "user.email=b@example.com", "commit", "--quiet",
            "--allow-empty", "-m", "2");
        repository.CommitAll("newer submodule");
        Assert.False(repository.Push("origin", "main").Passed);
        Assert.NotNull(repository.Asked);
    }

    [Fact(SkipUnless = nameof(Shells.RunHooks), SkipType = typeof(Shells), Skip = Skip)]
    public void Works_with_longer_object_ids_in_a_linked_worktree_and_at_the_first_push()
    {
        using var repository = new HookedRepository(format: "sha256");
        repository.Commit("src/a.txt");
        Assert.True(repository.Push("origin", "main").Passed);
        string worktree = repository["linked worktree"];
        repository.Git("worktree", "add", "--quiet", "-b", "linked", worktree);
        string config = File.ReadAllText(Path.Combine(repository.Root, ".git", "config"));
        Assert.True(repository.Run(worktree, ["push", "origin", "linked"]).Passed);
        Assert.Null(repository.Asked);
        HookedRepository.Write(Path.Combine(worktree, "data", "images", "a.jpg"), "a");
        repository.GitIn(worktree, "add", "--all");
        repository.GitIn(worktree, "commit", "--quiet", "-m", "photo");
        Assert.False(repository.Run(worktree, ["push", "origin", "linked:main"]).Passed);
        Assert.NotNull(repository.Asked);
        Assert.Equal(config, File.ReadAllText(Path.Combine(repository.Root, ".git", "config")));
    }
}
