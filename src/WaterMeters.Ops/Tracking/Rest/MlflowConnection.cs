using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Polly;
using Polly.Retry;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ops.Http;

namespace WaterMeters.Ops.Tracking.Rest;

/// <summary>
/// The only way to an MLflow server: credentials, workspace, redirects, timeouts, retries and errors are decided here. Credentials are sent
/// to the server of the settings and to no other.
/// </summary>
internal sealed class MlflowConnection : IDisposable
{
    private const int MaxAnswerBytes = 256 << 20, MaxRedirects = 5;

    private readonly MlflowSettings settings;
    private readonly MlflowErrors errors;
    private readonly ResiliencePipeline retries;

    public MlflowConnection(MlflowSettings settings)
    {
        this.settings = settings;
        errors = new MlflowErrors(settings);
        Http = new HttpTransport(Handler(), settings.Timeout);
        retries = Retries();
    }

    /// <summary>Address of the server; ends with <c>/</c>.</summary>
    public Uri Address => settings.Address;

    /// <summary>The settings.</summary>
    public MlflowSettings Settings => settings;

    /// <summary>Errors of this server.</summary>
    public MlflowErrors Errors => errors;

    /// <summary>The requests below the API.</summary>
    public HttpTransport Http { get; }

    /// <inheritdoc/>
    public void Dispose() => Http.Dispose();

    /// <summary>Calls the API, and repeats the call if need be: for calls that may be made twice with the effect of one.</summary>
    /// <exception cref="TrackingException">What the server answers, or why it does not.</exception>
    public JsonObject Call(MlflowRequest request, CancellationToken stop) => Repeat(_ => CallOnce(request, stop), stop);

    /// <summary>Reads all pages of a list.</summary>
    /// <param name="request">The request for the first page.</param>
    /// <param name="list">Name of the list in the answer.</param>
    /// <param name="stop">Stops the work.</param>
    public IEnumerable<JsonObject> Pages(MlflowRequest request, string list, CancellationToken stop)
    {
        for (string? token = ""; token is not null;)
        {
            var page = Call(token.Length == 0 ? request : request.WithPage(token), stop);
            foreach (var item in page.Objects(list)) yield return item;
            string next = page.Text("next_page_token");
            token = next.Length == 0 || next == token ? null : next;
        }
    }

    /// <summary>Makes attempts until one succeeds.</summary>
    /// <param name="attempt">
    /// One attempt; receives whether an earlier one may have been carried out without an answer. If a second execution does harm, the
    /// attempt then asks the server first.
    /// </param>
    /// <param name="stop">Stops the work.</param>
    /// <exception cref="TrackingException">The error of the last attempt.</exception>
    public T Repeat<T>(Func<bool, T> attempt, CancellationToken stop)
    {
        bool mayBeDone = false;
        try
        {
            return retries.Execute(
                _ =>
                {
                    try
                    {
                        return attempt(mayBeDone);
                    }
                    catch (FailedAttemptException e)
                    {
                        mayBeDone |= e.MayBeDone;
                        throw;
                    }
                },
                stop);
        }
        catch (FailedAttemptException e)
        {
            throw e.Error;
        }
    }

    /// <summary>Calls the API once.</summary>
    /// <exception cref="FailedAttemptException">What the server answers, or why it does not.</exception>
    public JsonObject CallOnce(MlflowRequest request, CancellationToken stop) => CallWithTime(request, stop).Answer;

    /// <summary>Calls the API once, and returns the server's time too: its clock need not be ours.</summary>
    /// <exception cref="FailedAttemptException">What the server answers, or why it does not.</exception>
    public (JsonObject Answer, DateTimeOffset Time) CallWithTime(MlflowRequest request, CancellationToken stop)
    {
        bool changes = request.Method != HttpMethod.Get;
        var content = () => request.Body is { } body ? Json(body) : null;
        using var response = Send(request.Method, request.AddressOn(Address), request.Target, content, range: null, stop);
        byte[] answer = Read(response, request.Target, changes, stop);
        try
        {
            if (JsonNode.Parse(answer.Length == 0 && changes ? "{}"u8 : answer) is JsonObject json)
            {
                return (json, response.Headers.Date ?? DateTimeOffset.UtcNow);
            }
        }
        catch (JsonException) when (answer is [] or [(byte)'{', ..])
        {
            // A server that does not say how long its answer is, and a connection that ended in the middle of it.
            throw new FailedAttemptException(errors.Cut(request.Target)) { MayRepeat = true, MayBeDone = changes };
        }
        catch (JsonException)
        {
            // Not JSON: the same error as for JSON that is not an object.
        }

        throw new FailedAttemptException(errors.NotMlflow(request.Target)) { MayBeDone = changes };
    }

    /// <summary>Sends a request once and returns a response of success, or one to a range that the file does not have.</summary>
    /// <exception cref="FailedAttemptException">What the server answers, or why it does not.</exception>
    public HttpResponseMessage Send(
        HttpMethod method, Uri address, string target, Func<HttpContent?> content, RangeHeaderValue? range, CancellationToken stop)
    {
        for (int redirects = 0; ; redirects++)
        {
            using var message = new HttpRequestMessage(method, address) { Content = content() };
            message.Headers.Range = range;
            message.Headers.UserAgent.Add(new ProductInfoHeaderValue("WaterMeters", ModuleVersion.Text));
            if (IsOurs(address)) Identify(message);
            var response = Receive(message, target, stop);
            if (response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable) return response;
            using (response)
            {
                if (response.Headers.Location is { } location && (int)response.StatusCode is 301 or 302 or 303 or 307 or 308)
                {
                    var next = new Uri(address, location);
                    bool downgrade = address.Scheme == "https" && next.Scheme != "https";
                    if (method != HttpMethod.Get || downgrade || redirects == MaxRedirects || next.Scheme is not ("http" or "https"))
                    {
                        throw new FailedAttemptException(errors.Redirected(next, target));
                    }

                    address = next;
                    continue;
                }

                byte[] body = Read(response, target, method != HttpMethod.Get, stop);
                throw errors.Attempt(response, body, target);
            }
        }
    }

    private HttpResponseMessage Receive(HttpRequestMessage message, string target, CancellationToken stop)
    {
        try
        {
            return Http.Send(message, stop);
        }
        catch (HttpTransportException e)
        {
            throw Lost(e, target, message.Method != HttpMethod.Get && !e.IsUnsent);
        }
    }

    private byte[] Read(HttpResponseMessage response, string target, bool changes, CancellationToken stop)
    {
        try
        {
            return Http.ReadAll(response, MaxAnswerBytes, stop) ?? throw new FailedAttemptException(errors.NotMlflow(target));
        }
        catch (HttpTransportException e)
        {
            throw Lost(e, target, changes);
        }
    }

    private FailedAttemptException Lost(HttpTransportException e, string target, bool mayBeDone) =>
        new(errors.Lost(e, target))
        {
            // A certificate does not become valid by waiting.
            MayRepeat = e.Error != HttpRequestError.SecureConnectionError,
            MayBeDone = mayBeDone,
        };

    private void Identify(HttpRequestMessage message)
    {
        if (settings is { UserName: { } user, Password: { } password })
        {
            string pair = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));
            message.Headers.Authorization = new AuthenticationHeaderValue("Basic", pair);
        }
        else if (settings.Token is { } token)
        {
            message.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        }

        if (settings.Workspace is { } workspace) message.Headers.TryAddWithoutValidation("X-MLFLOW-WORKSPACE", workspace);
    }

    /// <summary>Whether an address is on the server of the settings: same host and port, or the same host now with encryption.</summary>
    internal bool IsOurs(Uri address)
    {
        if (!string.Equals(address.Host, Address.Host, StringComparison.OrdinalIgnoreCase)) return false;
        bool same = address.Scheme == Address.Scheme && address.Port == Address.Port;
        return same || (Address.Scheme == "http" && address.Scheme == "https" && Address.IsDefaultPort && address.IsDefaultPort);
    }

    private static StringContent Json(JsonObject body) => new(body.ToJsonString(), Encoding.UTF8, "application/json");

    private SocketsHttpHandler Handler()
    {
        var handler = new SocketsHttpHandler
        {
            // Ours: the handler's own would follow a POST with a GET, and take the workspace to another host.
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(Math.Min(20, settings.Timeout.TotalSeconds)),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            Proxy = new DirectToLoopback(HttpClient.DefaultProxy),
            DefaultProxyCredentials = CredentialCache.DefaultCredentials,
        };
        if (settings.AcceptsAnyCertificate)
        {
#pragma warning disable CA5359 // The user says so in MLFLOW_TRACKING_INSECURE_TLS.
            handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        return handler;
    }

    private ResiliencePipeline Retries() => settings.Retries == 0
        ? ResiliencePipeline.Empty
        : new ResiliencePipelineBuilder().AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = settings.Retries,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = settings.RetryDelay,
            MaxDelay = TimeSpan.FromSeconds(30),
            ShouldHandle = static args => ValueTask.FromResult(args.Outcome.Exception is FailedAttemptException { MayRepeat: true }),
            DelayGenerator = static args => ValueTask.FromResult((args.Outcome.Exception as FailedAttemptException)?.Wait),
        }).Build();
}
