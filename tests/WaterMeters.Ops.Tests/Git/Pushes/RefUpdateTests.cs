using WaterMeters.Ops.Git.Pushes;

namespace WaterMeters.Ops.Tests.Git.Pushes;

public class RefUpdateTests
{
    private static readonly string One = new('1', 40), Zero = new('0', 40), LongZero = new('0', 64);

    [Fact]
    public void Lines_are_read_as_git_writes_them()
    {
        var updates = RefUpdate.Parse(
        [
            $"\uFEFFrefs/heads/main {One} refs/heads/main {Zero}\r", "", $"(delete) {Zero} refs/heads/old {One}",
            $":/last commit {One} refs/tags/v1 {One}", $"HEAD {new string('2', 64)} refs/heads/data/x {LongZero}",
        ]);
        Assert.Equal(["refs/heads/main", "(delete)", ":/last commit", "HEAD"], updates.Select(update => update.LocalRef));
        Assert.Equal(["main", "old", null, "data/x"], updates.Select(update => update.Branch));
        Assert.Equal([true, false, false, true], updates.Select(update => update.IsNew));
        Assert.Equal([false, true, false, false], updates.Select(update => update.IsDelete));
        Assert.Equal([false, false, false, true], updates.Select(update => update.IsDataBranch));
    }

    [Theory]
    [InlineData("refs/heads/main")]
    [InlineData("refs/heads/main 1234 refs/heads/main 1234")]
    [InlineData("a b c d")]
    public void Another_line_is_an_error_that_names_it(string line)
    {
        var e = Assert.Throws<GitException>(() => RefUpdate.Parse([line]));
        Assert.Equal((GitFault.BadInput, line), (e.Fault, e.Target));
    }

    [Theory]
    [InlineData("https://ana:secret@example.com/a.git", "https://example.com/a.git")]
    [InlineData("https://token@example.com/a.git", "https://example.com/a.git")]
    [InlineData("ssh://git@example.com/a.git", "ssh://example.com/a.git")]
    [InlineData("git@example.com:a.git", "git@example.com:a.git")]
    [InlineData("/srv/a@b.git", "/srv/a@b.git")]
    public void Addresses_are_shown_without_passwords(string url, string shown) => Assert.Equal(shown, PushRemote.Redact(url));

    [Theory]
    [InlineData("data/training", "data/training")]
    [InlineData("./data//training/", "data/training")]
    [InlineData(@"data\training", "data/training")]
    [InlineData("a/../data", "data")]
    [InlineData(".", "")]
    [InlineData("../data", null)]
    [InlineData("/data", null)]
    [InlineData("C:/data", null)]
    public void The_folder_of_the_data_set_is_below_the_top(string path, string? folder) =>
        Assert.Equal(folder, PushPolicy.Normalize(path));
}
