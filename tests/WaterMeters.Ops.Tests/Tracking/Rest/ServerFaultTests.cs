using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using WaterMeters.Ops.Tests.Http;
using WaterMeters.Ops.Tracking;
using WaterMeters.Ops.Tracking.Rest;

namespace WaterMeters.Ops.Tests.Tracking.Rest;

/// <summary>What servers and networks do wrong ends in a retry or in an error that says what to do; nothing is logged twice.</summary>
public class ServerFaultTests
{
    private const string Token = "secret-token-4711";

    private static readonly RunBatch Epoch = new()
    {
        Metrics = [new("loss", 0.5, DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000), 1),
            new("dice", 0.8, DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000), 1)],
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Says_that_a_server_does_not_run()
    {
        Uri closed;
        using (var server = new FakeServer(_ => FakeResponse.Lost)) closed = server.Address;
        var e = Failure(Settings(closed), store => store.GetRun("r", Stop));
        Assert.Equal(TrackingFault.Unreachable, e.Fault);
        Assert.Contains("MLFLOW_TRACKING_URI", e.Message, StringComparison.Ordinal);
        Assert.Contains(closed.Authority, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Gives_up_on_a_server_that_is_silent()
    {
        using var server = new FakeServer(_ => FakeResponse.Silent);
        var settings = Settings(server.Address, retries: 1, timeout: TimeSpan.FromSeconds(0.5));
        var e = Failure(settings, store => store.GetRun("r", Stop));
        Assert.Equal(TrackingFault.Unreachable, e.Fault);
        Assert.Equal(2, server.Requests.Count);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    [InlineData(0)]
    public void Repeats_what_may_be_repeated(int status)
    {
        int requests = 0;
        using var server = new FakeServer(_ => requests++ < 2
            ? new FakeResponse(status, "<html>busy</html>"u8.ToArray()) { Headers = "Retry-After: 0\r\n" }
            : FakeResponse.Json("""{"run": {"info": {"run_id": "r", "status": "FINISHED", "start_time": "1700000000000"}}}"""));
        using var store = new RestTrackingStore(Settings(server.Address));
        var run = store.GetRun("r", Stop);
        Assert.Equal(3, server.Requests.Count);
        Assert.Equal((RunStatus.Finished, 1_700_000_000_000), (run.Status, run.Start.ToUnixTimeMilliseconds()));
    }

    [Fact]
    public void Waits_as_long_as_the_server_asks_for()
    {
        int requests = 0;
        using var server = new FakeServer(_ => requests++ == 0
            ? new FakeResponse(429, []) { Headers = "Retry-After: 1\r\n" }
            : FakeResponse.Json("""{"run": {"info": {"run_id": "r"}}}"""));
        using var store = new RestTrackingStore(Settings(server.Address));
        long start = Stopwatch.GetTimestamp();
        Assert.Equal("r", store.GetRun("r", Stop).Id);
        Assert.True(Stopwatch.GetElapsedTime(start) >= TimeSpan.FromSeconds(0.98)); // timers of systems are a little early
    }

    [Theory]
    [InlineData(true, 20)]
    [InlineData(false, 20)]
    [InlineData(false, 0)]
    public void Asks_again_when_an_answer_is_cut(bool withLength, int cut)
    {
        int requests = 0;
        var answer = FakeResponse.Json("""{"run": {"info": {"run_id": "r", "status": "FINISHED"}}}""");
        using var server = new FakeServer(_ => requests++ == 0 ? answer with { Cut = cut, WithoutLength = !withLength } : answer);
        using var store = new RestTrackingStore(Settings(server.Address));
        Assert.Equal(RunStatus.Finished, store.GetRun("r", Stop).Status);
        Assert.Equal(2, requests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Creates_one_run_when_the_answer_is_cut(bool withLength)
    {
        const string Run = """{"info": {"run_id": "made", "run_name": "n", "start_time": 1700000000000}}""";
        using var server = new FakeServer(request => request.Path.EndsWith("runs/create", StringComparison.Ordinal)
            ? FakeResponse.Json($$"""{"run": {{Run}}}""") with { Cut = 20, WithoutLength = !withLength }
            : FakeResponse.Json($$"""{"runs": [{{Run}}]}"""));
        using var store = new RestTrackingStore(Settings(server.Address));
        var start = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000);
        Assert.Equal("made", store.CreateRun(new NewRun { ExperimentId = "1", Name = "n", Start = start }, Stop).Id);
        Assert.Single(server.Requests, request => request.Method == "POST" && request.Path.EndsWith("create", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(429, TrackingFault.Busy)]
    [InlineData(503, TrackingFault.Busy)]
    [InlineData(500, TrackingFault.Unreachable)]
    public void Says_when_repeating_does_not_help(int status, TrackingFault fault)
    {
        using var server = new FakeServer(_ => new FakeResponse(status, []));
        var e = Failure(Settings(server.Address, retries: 2), store => store.GetRun("r", Stop));
        Assert.Equal((fault, "r"), (e.Fault, e.Target));
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public void Does_not_wait_longer_than_a_user_would()
    {
        using var server = new FakeServer(_ => new FakeResponse(503, []) { Headers = "Retry-After: 3600\r\n" });
        var e = Failure(Settings(server.Address), store => store.GetRun("r", Stop));
        Assert.Contains("3600 s", e.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Logs_metrics_once_when_the_answer_is_lost(bool arrived)
    {
        int posts = 0;
        using var server = new FakeServer(request => request switch
        {
            { Method: "POST" } => posts++ == 0 ? FakeResponse.Lost : FakeResponse.Json("{}"),
            _ when arrived && request.Target.Contains("metric_key=loss", StringComparison.Ordinal) =>
                FakeResponse.Json("""{"metrics": [{"key": "loss", "value": 0.5, "timestamp": "1700000000000", "step": "1"}]}"""),
            _ => FakeResponse.Json("{}"),
        });
        using var store = new RestTrackingStore(Settings(server.Address));
        store.Log("r", Epoch, Stop);
        var sent = JsonNode.Parse(server.Requests[^1].Body)!["metrics"]!.AsArray().Select(m => m!["key"]!.GetValue<string>());
        Assert.Equal(arrived ? ["dice"] : ["loss", "dice"], sent);
        Assert.Equal(2, posts);
    }

    [Fact]
    public void Sends_metrics_again_without_asking_when_the_server_surely_did_not_take_them()
    {
        int posts = 0;
        using var server = new FakeServer(_ => posts++ == 0 ? new FakeResponse(429, []) : FakeResponse.Json("{}"));
        using var store = new RestTrackingStore(Settings(server.Address));
        store.Log("r", Epoch, Stop);
        Assert.Equal(["POST", "POST"], server.Requests.Select(request => request.Method));
        Assert.Equal(server.Requests[0].Text, server.Requests[1].Text);
    }

    [Fact]
    public void Creates_one_run_when_the_answer_is_lost()
    {
        using var server = new FakeServer(request => request.Path.EndsWith("runs/create", StringComparison.Ordinal)
            ? FakeResponse.Lost
            : FakeResponse.Json("""{"runs": [{"info": {"run_id": "made", "run_name": "n", "start_time": 1700000000000}}]}"""));
        using var store = new RestTrackingStore(Settings(server.Address));
        var start = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000);
        Assert.Equal("made", store.CreateRun(new NewRun { ExperimentId = "1", Name = "n", Start = start }, Stop).Id);
        Assert.Equal(2, server.Requests.Count);
    }

    [Theory]
    [InlineData(0, "3")] // made by the request whose answer was lost
    [InlineData(3600, "4")] // an hour old: registered by someone before
    public void Creates_one_version_when_the_answer_is_lost(int age, string expected)
    {
        int creations = 0;
        using var server = new FakeServer(request =>
        {
            if (request.Path.EndsWith("model-versions/create", StringComparison.Ordinal))
            {
                return creations++ == 0 ? FakeResponse.Lost : FakeResponse.Json("""{"model_version": {"name": "m", "version": "4"}}""");
            }

            // The clock of the server is a year behind.
            var now = DateTimeOffset.UtcNow.AddYears(-1);
            string created = now.AddSeconds(-age).ToUnixTimeMilliseconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
            var answer = FakeResponse.Json(
                $$"""{"model_versions": [{"name": "m", "version": "3", "source": "s", "creation_timestamp": {{created}}}]}""");
            return answer with { Headers = answer.Headers + $"Date: {now:R}\r\n" };
        });
        using var store = new RestTrackingStore(Settings(server.Address));
        var version = store.CreateVersion(new NewModelVersion { Name = "m", Source = "s" }, Stop);
        Assert.Equal(expected, version.Version.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Keeps_the_token_from_another_host()
    {
        using var other = new FakeServer(_ => FakeResponse.Json("""{"run": {"info": {"run_id": "r"}}}"""));
        var elsewhere = new UriBuilder(other.Address) { Host = "localhost" }.Uri;
        using var server = new FakeServer(_ => new FakeResponse(302, []) { Headers = $"Location: {elsewhere}x\r\n" });
        using var store = new RestTrackingStore(Settings(server.Address, token: Token, workspace: "team"));
        store.GetRun("r", Stop);
        Assert.Equal(("Bearer " + Token, "team"), Identity(server.Requests[0]));
        Assert.Equal(("", ""), Identity(Assert.Single(other.Requests)));

        var e = Assert.Throws<TrackingException>(() => store.Log("r", Epoch, Stop));
        Assert.Contains("MLFLOW_TRACKING_URI", e.Message, StringComparison.Ordinal);
        Assert.Single(other.Requests);

        static (string, string) Identity(FakeRequest request) => (request.Header("Authorization"), request.Header("X-MLFLOW-WORKSPACE"));
    }

    [Fact]
    public void Shows_no_secret_in_an_error()
    {
        using var server = new FakeServer(request =>
            FakeResponse.Json($$"""{"error_code": "PERMISSION_DENIED", "message": "Not for {{request.Header("Authorization")}}"}""", 403));
        var e = Failure(Settings(server.Address, token: Token), store => store.GetRun("r", Stop));
        Assert.Equal(TrackingFault.Unauthorized, e.Fault);
        Assert.DoesNotContain(Token, e.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Token, Settings(server.Address, token: Token).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, """{"error_code": "UNAUTHENTICATED", "message": "No"}""", TrackingFault.Unauthorized, "MLFLOW_TRACKING_TOKEN")]
    [InlineData(403, "Invalid Host header - possible DNS rebinding attack detected", TrackingFault.Refused, "--allowed-hosts")]
    [InlineData(400, """{"error_code": "INVALID_PARAMETER_VALUE", "message": "Workspace context is required"}""",
        TrackingFault.Refused, "MLFLOW_WORKSPACE")]
    [InlineData(404, "<html><body>Not found</body></html>", TrackingFault.Damaged, "MLFLOW_TRACKING_URI")]
    [InlineData(404, """{"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "Run with id=r not found"}""", TrackingFault.NotFound, "'r'")]
    [InlineData(200, "<html><body>Sign in</body></html>", TrackingFault.Damaged, "sign-in")]
    [InlineData(200, "[]", TrackingFault.Damaged, "MLFLOW_TRACKING_URI")]
    [InlineData(407, "", TrackingFault.Unreachable, "HTTPS_PROXY")]
    [InlineData(400, """{"error_code": "INVALID_PARAMETER_VALUE", "message": "The run r must be in the 'active' state."}""",
        TrackingFault.Deleted, "restore")]
    public void Says_what_to_do(int status, string answer, TrackingFault fault, string advice)
    {
        using var server = new FakeServer(_ => new FakeResponse(status, Encoding.UTF8.GetBytes(answer)));
        var e = Failure(Settings(server.Address), store => store.GetRun("r", Stop));
        Assert.Equal(fault, e.Fault);
        Assert.Contains(advice, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("<", e.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public void Says_how_to_restore_an_experiment()
    {
        using var server = new FakeServer(_ =>
            FakeResponse.Json("""{"experiment": {"experiment_id": "7", "name": "e", "lifecycle_stage": "deleted"}}"""));
        using var store = new RestTrackingStore(Settings(server.Address));
        Assert.Null(store.FindExperiment("e", Stop));
        var e = Assert.Throws<TrackingException>(() => store.GetOrCreateExperiment("e", Stop));
        Assert.Equal(TrackingFault.Deleted, e.Fault);
        Assert.Contains("mlflow experiments restore --experiment-id 7", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sends_nothing_that_the_server_would_refuse()
    {
        using var server = new FakeServer(_ => FakeResponse.Json("{}"));
        using var store = new RestTrackingStore(Settings(server.Address));
        var bad = Epoch with { Tags = new Dictionary<string, string> { ["note"] = new string('x', 5001) } };
        Assert.Equal(TrackingFault.InvalidValue, Assert.Throws<TrackingException>(() => store.Log("r", bad, Stop)).Fault);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public void Stops_while_it_waits_for_a_retry()
    {
        using var stop = new CancellationTokenSource();
        using var server = new FakeServer(_ =>
        {
            stop.Cancel();
            return new FakeResponse(503, []) { Headers = "Retry-After: 60\r\n" };
        });
        using var store = new RestTrackingStore(Settings(server.Address));
        Assert.ThrowsAny<OperationCanceledException>(() => store.GetRun("r", stop.Token));
    }

    private static TrackingException Failure(MlflowSettings settings, Action<RestTrackingStore> use)
    {
        using var store = new RestTrackingStore(settings);
        return Assert.Throws<TrackingException>(() => use(store));
    }

    private static MlflowSettings Settings(
        Uri address, int retries = 3, TimeSpan? timeout = null, string? token = null, string? workspace = null) => new()
        {
            Address = address,
            Retries = retries,
            RetryDelay = TimeSpan.FromMilliseconds(1),
            Timeout = timeout ?? TimeSpan.FromSeconds(60),
            Token = token,
            Workspace = workspace,
        };
}
