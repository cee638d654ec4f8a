using System.Text;
using System.Text.Json;
using Sodium;
using WaterMeters.Ops.GitHub;
using WaterMeters.Ops.Tests.Http;

namespace WaterMeters.Ops.Tests.GitHub;

public class RepositorySecretsTests
{
    private const string Token = "ghp_plantedToken";

    private readonly Dictionary<string, string> stored = [];
    private readonly KeyPair pair = PublicKeyBox.GenerateKeyPair();

    [Fact]
    public void A_value_is_sealed_for_the_repository_and_read_only_by_GitHub()
    {
        using var server = new FakeServer(Answer);
        var secrets = Secrets(server);
        Assert.False(secrets.Contains("AWS_ACCESS_KEY_ID", CancellationToken.None));
        secrets.Set("AWS_ACCESS_KEY_ID", "AKIAplanted ü", CancellationToken.None);
        secrets.Set("AWS_SESSION_TOKEN", new string('t', 4000), CancellationToken.None);
        Assert.True(secrets.Contains("AWS_ACCESS_KEY_ID", CancellationToken.None));
        Assert.Equal("AKIAplanted ü", stored["AWS_ACCESS_KEY_ID"]);
        Assert.Equal(4000, stored["AWS_SESSION_TOKEN"].Length);
        secrets.Remove("AWS_SESSION_TOKEN", CancellationToken.None);
        Assert.Equal(["AWS_ACCESS_KEY_ID"], stored.Keys);
        foreach (var request in server.Requests)
        {
            Assert.DoesNotContain("AKIAplanted", request.Target + request.Text, StringComparison.Ordinal);
            Assert.Contains(Token, request.Header("Authorization"), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(401, "Bad credentials", GitHubFault.AccessDenied, "does not accept the token in GITHUB_TOKEN")]
    [InlineData(403, "Resource not accessible by personal access token", GitHubFault.AccessDenied, "Create one with the permission")]
    [InlineData(404, "Not Found", GitHubFault.NotFound, "GitHub has no repository 'ana/meters', or the token")]
    [InlineData(422, "Validation Failed", GitHubFault.Refused, "GitHub refuses the request for 'ana/meters': Validation Failed (422)")]
    [InlineData(503, "Unavailable", GitHubFault.Unreachable, "answers 503. Try again later")]
    [InlineData(0, "", GitHubFault.Unreachable, "Cannot reach GitHub at 'http://127.0.0.1:")]
    public void A_failure_says_what_to_do_without_the_token(int status, string message, GitHubFault fault, string text)
    {
        using var server = new FakeServer(_ =>
            status == 0 ? FakeResponse.Lost : FakeResponse.Json(JsonSerializer.Serialize(new { message }), status));
        var e = Assert.Throws<GitHubException>(() => Secrets(server).Set("NAME", "plantedValue", CancellationToken.None));
        Assert.Equal(fault, e.Fault);
        Assert.Contains(text, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("planted", e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_limit_of_requests_says_until_when()
    {
        using var server = new FakeServer(_ => FakeResponse.Json("{\"message\":\"API rate limit exceeded\"}", 403) with
        {
            Headers = "Content-Type: application/json\r\nX-RateLimit-Limit: 60\r\n"
                + "X-RateLimit-Remaining: 0\r\nX-RateLimit-Reset: 1900000000\r\n",
        });
        var e = Assert.Throws<GitHubException>(() => Secrets(server).Set("NAME", "value", CancellationToken.None));
        Assert.Equal(GitHubFault.Refused, e.Fault);
        Assert.Contains("until 2030-03-17 17:46:40Z", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_token_nothing_is_sent()
    {
        var e = Assert.Throws<GitHubException>(() => GitHubConnection.Open(new("ana", "meters", null), _ => null));
        Assert.Equal(GitHubFault.AccessDenied, e.Fault);
        Assert.Contains("Set GH_TOKEN or GITHUB_TOKEN", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Stopping_ends_a_request_without_an_answer()
    {
        using var stop = new CancellationTokenSource();
        using var server = new FakeServer(_ =>
        {
            stop.Cancel();
            return FakeResponse.Silent;
        });
        Assert.ThrowsAny<OperationCanceledException>(() => Secrets(server).Set("NAME", "value", stop.Token));
    }

    private static RepositorySecrets Secrets(FakeServer server) => new(GitHubConnection.Open(new("ana", "meters", null), name => name switch
    {
        "GITHUB_TOKEN" => Token,
        "GITHUB_API_URL" => server.Address.ToString(),
        _ => null,
    }));

    private FakeResponse Answer(FakeRequest request)
    {
        const string secrets = "/repos/ana/meters/actions/secrets/";
        Assert.StartsWith(secrets, request.Path, StringComparison.Ordinal);
        string name = request.Path[secrets.Length..];
        string date = "\"created_at\":\"2026-11-30T00:00:00Z\",\"updated_at\":\"2026-11-30T00:00:00Z\"";
        switch (request.Method)
        {
            case "GET" when name == "public-key":
                return FakeResponse.Json($$"""{"key_id":"7","key":"{{Convert.ToBase64String(pair.PublicKey)}}"}""");
            case "PUT":
                using (var body = JsonDocument.Parse(request.Text))
                {
                    Assert.Equal("7", body.RootElement.GetProperty("key_id").GetString());
                    byte[] box = body.RootElement.GetProperty("encrypted_value").GetBytesFromBase64();
                    stored[name] = Encoding.UTF8.GetString(SealedPublicKeyBox.Open(box, pair));
                }

                return new FakeResponse(201, []);
            case "DELETE":
                stored.Remove(name);
                return new FakeResponse(204, []);
            default:
                return stored.ContainsKey(name)
                    ? FakeResponse.Json($$"""{"name":"{{name}}",{{date}}}""")
                    : FakeResponse.Json("{\"message\":\"Not Found\"}", 404);
        }
    }
}
