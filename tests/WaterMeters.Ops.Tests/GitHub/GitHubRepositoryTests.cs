using WaterMeters.Ops.GitHub;

namespace WaterMeters.Ops.Tests.GitHub;

public class GitHubRepositoryTests
{
    [Theory]
    [InlineData("ana/meters", "ana/meters", null)]
    [InlineData("https://github.com/ana/meters.git", "ana/meters", "github.com")]
    [InlineData("https://x-access-token:secret@github.com/ana/meters", "ana/meters", "github.com")]
    [InlineData("git@github.com:ana/meters.git", "ana/meters", "github.com")]
    [InlineData("ssh://git@git.example.com:2222/ana/meters.git/", "ana/meters", "git.example.com")]
    [InlineData("git@github.com:ana/my.meters-2", "ana/my.meters-2", "github.com")]
    public void Is_read_from_its_name_or_from_an_address_of_git(string text, string name, string? host)
    {
        var repository = GitHubRepository.TryParse(text);
        Assert.Equal(name, repository?.ToString());
        Assert.Equal(host, repository?.Host);
    }

    [Theory]
    [InlineData("meters")]
    [InlineData("")]
    [InlineData("ana/meters/more")]
    [InlineData("../meters")]
    [InlineData("/srv/git/meters.git")]
    [InlineData("C:\\git\\meters")]
    [InlineData("ana/meters\nsecret")]
    public void Is_nothing_else(string text) => Assert.Null(GitHubRepository.TryParse(text));

    [Theory]
    [InlineData("ana/meters", null, "https://api.github.com/")]
    [InlineData("https://GitHub.com/ana/meters", null, "https://api.github.com/")]
    [InlineData("https://git.example.com/ana/meters", null, "https://git.example.com/api/v3/")]
    [InlineData("ana/meters", "https://git.example.com/api/v3", "https://git.example.com/api/v3/")]
    [InlineData("https://github.com/ana/meters", "http://127.0.0.1:81/", "http://127.0.0.1:81/")]
    public void Has_the_API_of_its_host_unless_the_environment_names_another(string text, string? variable, string address) =>
        Assert.Equal(address, GitHubRepository.TryParse(text)!.ApiAddress(_ => variable).ToString());

    [Theory]
    [InlineData("http://git.example.com/api/v3")]
    [InlineData("git.example.com")]
    public void A_token_is_sent_to_no_address_without_TLS(string variable) =>
        Assert.StartsWith("GITHUB_API_URL is", Assert.Throws<SettingsException>(
            () => GitHubRepository.TryParse("ana/meters")!.ApiAddress(_ => variable)).Message, StringComparison.Ordinal);
}
