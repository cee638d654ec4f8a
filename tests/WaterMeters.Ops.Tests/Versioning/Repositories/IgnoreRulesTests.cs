using WaterMeters.Ops.Versioning.Repositories;

namespace WaterMeters.Ops.Tests.Versioning.Repositories;

public class IgnoreRulesTests
{
    [Theory]
    [InlineData("*.tmp", "a/b/x.tmp", true)]
    [InlineData("*.tmp", "x.tmp.jpg", false)]
    [InlineData("/x.jpg", "x.jpg", true)]
    [InlineData("/x.jpg", "a/x.jpg", false)]
    [InlineData("a/x.jpg", "a/x.jpg", true)]
    [InlineData("a/x.jpg", "b/a/x.jpg", false)]
    [InlineData("**/x.jpg", "b/a/x.jpg", true)]
    [InlineData("a/**/x.jpg", "a/x.jpg", true)]
    [InlineData("a/**", "a/b/x.jpg", true)]
    [InlineData("a/**", "a", false)]
    [InlineData("x?.[jp]*", "x1.jpg", true)]
    [InlineData("x[!0-9].jpg", "x1.jpg", false)]
    [InlineData("x[!0-9].jpg", "xa.jpg", true)]
    [InlineData("\\#x", "#x", true)]
    [InlineData("# x", "# x", false)]
    [InlineData("x\\*", "x*", true)]
    [InlineData("x\\*", "xy", false)]
    [InlineData("*.jpg\n!keep.jpg", "keep.jpg", false)]
    [InlineData("!keep.jpg\n*.jpg", "keep.jpg", true)]
    [InlineData("x.jpg  ", "x.jpg", true)]
    [InlineData("*.jpg\n[z-a]", "x.jpg", true)]
    public void Matches_as_git_does(string patterns, string path, bool ignored)
    {
        using var temp = new TempFolder();
        File.WriteAllText(temp[".dvcignore"], patterns);
        Assert.Equal(ignored, IgnoreRules.Read(temp.Path, temp.Path, ".dvcignore").Ignores(path, isFolder: false));
    }

    [Fact]
    public void Applies_a_pattern_with_a_slash_at_its_end_to_folders_only_and_files_below_to_their_folder()
    {
        using var temp = new TempFolder();
        Directory.CreateDirectory(temp["data"]);
        File.WriteAllText(temp[".dvcignore"], "draft/\n");
        File.WriteAllText(temp["data", ".dvcignore"], "/x\n");
        var rules = IgnoreRules.Read(temp.Path, temp["data"], ".dvcignore");
        Assert.True(rules.Ignores("data/draft", isFolder: true));
        Assert.False(rules.Ignores("data/draft", isFolder: false));
        Assert.True(rules.Ignores("data/x", isFolder: false));
        Assert.False(rules.Ignores("x", isFolder: false));
    }

    [Fact]
    public void Adds_a_line_for_git_once()
    {
        using var temp = new TempFolder();
        Directory.CreateDirectory(temp["data", "a[1]"]);
        File.WriteAllText(temp["data", ".gitignore"], "/masks");
        Assert.True(GitIgnoreFile.Add(temp.Path, temp["data", "a[1]"]));
        Assert.False(GitIgnoreFile.Add(temp.Path, temp["data", "a[1]"]));
        Assert.False(GitIgnoreFile.Add(temp.Path, temp["data", "masks"]));
        Assert.Equal("/masks\n/a\\[1\\]\n", File.ReadAllText(temp["data", ".gitignore"]));
    }
}
