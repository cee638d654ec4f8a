using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using WaterMeters.Ops.Http;

namespace WaterMeters.Ops.Tracking.Rest;

/// <summary>Turns what a server answers, or that it does not, into errors that say what to do next. Secrets never stand in them.</summary>
internal sealed partial class MlflowErrors(MlflowSettings settings)
{
    private readonly string server = settings.Address.ToString().TrimEnd('/');

    /// <summary>Creates the error of a response without success.</summary>
    /// <param name="response">The response.</param>
    /// <param name="body">Its body.</param>
    /// <param name="target">The name or identifier that was asked for.</param>
    public FailedAttemptException Attempt(HttpResponseMessage response, byte[] body, string target)
    {
        var status = response.StatusCode;
        var wait = Wait(response);
        bool mayRepeat = (int)status is 408 or 429 or 500 or 502 or 503 or 504 && !(wait > settings.LongestWait);
        return new FailedAttemptException(Of(status, body, target, wait))
        {
            MayRepeat = mayRepeat,
            // Who limits the number of requests has not looked at this one. Everything else may come from a proxy that lost the answer.
            MayBeDone = (int)status >= 500 || status == HttpStatusCode.RequestTimeout,
            Wait = wait,
        };
    }

    /// <summary>Creates the error of a request without a complete response.</summary>
    public TrackingException Lost(HttpTransportException e, string target)
    {
        string reason = e.Message.TrimEnd('.');
        return new TrackingException(TrackingFault.Unreachable, target, e.Error switch
        {
            HttpRequestError.SecureConnectionError =>
                $"The certificate of the MLflow server '{server}' is not trusted: {reason}. Install the certificate of its authority "
                    + "on this machine, or set MLFLOW_TRACKING_INSECURE_TLS=true for a test.",
            HttpRequestError.ProxyTunnelError =>
                $"The proxy does not lead to the MLflow server '{server}': {reason}. Check HTTPS_PROXY, or add the host to NO_PROXY.",
            _ when e.IsUnsent =>
                $"Cannot reach the MLflow server '{server}': {reason}. Check that it runs, the network, and MLFLOW_TRACKING_URI.",
            _ => $"The connection to the MLflow server '{server}' was lost: {reason}. Check the server and the network, and try again.",
        }, e);
    }

    /// <summary>Creates the error of an answer that ends too early.</summary>
    public TrackingException Cut(string target) => new(
        TrackingFault.Unreachable,
        target,
        $"The answer of the MLflow server '{server}' ends in the middle. Check the server, the proxy and the network, and try again.");

    /// <summary>Creates the error of an answer that is not MLflow's.</summary>
    public TrackingException NotMlflow(string target) => new(
        TrackingFault.Damaged,
        target,
        $"'{server}' does not answer as an MLflow server. If it is a sign-in page, set MLFLOW_TRACKING_TOKEN; "
            + "otherwise correct the host, the port and the path in MLFLOW_TRACKING_URI.");

    /// <summary>Creates the error of a redirect that is not followed.</summary>
    public TrackingException Redirected(Uri next, string target) => new(
        TrackingFault.Refused,
        target,
        $"The MLflow server '{server}' sends requests on to '{next.GetLeftPart(UriPartial.Authority)}'. "
            + "If you trust that address, set MLFLOW_TRACKING_URI to it: credentials and data are not sent on by themselves.");

    private TrackingException Of(HttpStatusCode status, byte[] body, string target, TimeSpan? wait)
    {
        var (code, message) = Read(body);
        string said = message.Length > 0 ? $": {message}" : "";
        string http = $"HTTP {(int)status}";
        TrackingException Error(TrackingFault fault, string sentence) => new(fault, target, sentence);
        return (int)status switch
        {
            401 => Error(TrackingFault.Unauthorized, settings.UserName is null && settings.Token is null
                ? $"The MLflow server '{server}' asks who you are. Set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or "
                    + "MLFLOW_TRACKING_TOKEN."
                : $"The MLflow server '{server}' does not accept the {(settings.UserName is null ? "token" : "user name and password")}. "
                    + $"Correct {(settings.UserName is null ? "MLFLOW_TRACKING_TOKEN" : "MLFLOW_TRACKING_USERNAME and _PASSWORD")}."),
            403 when HostHeader().IsMatch(message) => Error(TrackingFault.Refused,
                $"The MLflow server does not know itself as '{settings.Address.Authority}'. Start it with "
                    + $"--allowed-hosts {settings.Address.Authority}, or use a host name that it knows in MLFLOW_TRACKING_URI."),
            403 => Error(TrackingFault.Unauthorized,
                $"The MLflow server '{server}' does not allow this for '{target}'{said}. Ask its administrator for the permission."),
            407 => Error(TrackingFault.Unreachable,
                $"The proxy before '{server}' asks for a user name. Set it in HTTPS_PROXY, or add the host to NO_PROXY."),
            400 when message.Contains("workspace", StringComparison.OrdinalIgnoreCase) && settings.Workspace is null =>
                Error(TrackingFault.Refused,
                    $"The MLflow server '{server}' has workspaces{said}. Set MLFLOW_WORKSPACE to the name of yours."),
            429 => Error(TrackingFault.Busy, Waiting("allows no more requests now")),
            503 when code.Length == 0 || wait is not null => Error(TrackingFault.Busy, Waiting("is overloaded or starting")),
            >= 500 or 408 => Error(TrackingFault.Unreachable,
                $"The MLflow server '{server}' fails ({http}){said}. Look at its log, and try again."),
            _ when code.Length == 0 && status is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed => NotMlflow(target),
            _ => Error(FaultOf(code, message, status), Sentence(code, message, http, target)),
        };

        string Waiting(string what) => wait is { } time
            ? FormattableString.Invariant($"The MLflow server '{server}' {what} ({http}). Try again in {time.TotalSeconds:0} s.")
            : $"The MLflow server '{server}' {what} ({http}). Try again later.";
    }

    private static TrackingFault FaultOf(string code, string message, HttpStatusCode status) => code switch
    {
        _ when DeletedState().IsMatch(message) => TrackingFault.Deleted,
        "RESOURCE_DOES_NOT_EXIST" or "NOT_FOUND" => TrackingFault.NotFound,
        "RESOURCE_ALREADY_EXISTS" => TrackingFault.AlreadyExists,
        "INVALID_PARAMETER_VALUE" or "BAD_REQUEST" => TrackingFault.InvalidValue,
        "PERMISSION_DENIED" or "UNAUTHENTICATED" => TrackingFault.Unauthorized,
        "REQUEST_LIMIT_EXCEEDED" => TrackingFault.Busy,
        "" when status == HttpStatusCode.NotFound => TrackingFault.NotFound,
        _ => TrackingFault.Refused,
    };

    private string Sentence(string code, string message, string http, string target)
    {
        string reason = message.Length > 0 ? message : code.Length > 0 ? code : http;
        return FaultOf(code, message, default) switch
        {
            TrackingFault.NotFound => $"The MLflow server '{server}' has no '{target}': {reason}. Check the name and MLFLOW_TRACKING_URI.",
            TrackingFault.AlreadyExists => $"The MLflow server '{server}' has '{target}' already. Choose another name.",
            TrackingFault.Deleted => $"'{target}' was deleted on the MLflow server '{server}': {reason}. Restore it there "
                + "('mlflow runs restore', 'mlflow experiments restore'), or use another one.",
            _ => $"The MLflow server '{server}' refuses '{target}': {reason}. Correct it, and try again.",
        };
    }

    /// <summary>Reads MLflow's error; the text of a page is left out.</summary>
    private (string Code, string Message) Read(byte[] body)
    {
        try
        {
            if (JsonNode.Parse(body) is JsonObject json) return (json.Text("error_code"), Clean(json.Text("message")));
        }
        catch (JsonException)
        {
            string text = System.Text.Encoding.UTF8.GetString(body);
            if (text.Length < 300 && !text.Contains('<', StringComparison.Ordinal)) return ("", Clean(text));
        }

        return ("", "");
    }

    /// <summary>Returns the first line, without the statement of the database that MLflow adds, and without our secrets.</summary>
    private string Clean(string message)
    {
        string line = message.Split('\n')[0].Trim();
        int database = line.IndexOf(" Error: (", StringComparison.Ordinal);
        if (database > 0) line = line[..database];
        foreach (string? secret in new[] { settings.Token, settings.Password })
        {
            if (secret is { Length: > 0 }) line = line.Replace(secret, "***", StringComparison.Ordinal);
        }

        return (line.Length > 300 ? line[..300] + "..." : line).TrimEnd('.');
    }

    private static TimeSpan? Wait(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => NotNegative(date - (response.Headers.Date ?? DateTimeOffset.UtcNow)),
        _ => null,
    };

    private static TimeSpan NotNegative(TimeSpan time) => time > TimeSpan.Zero ? time : TimeSpan.Zero;

    [GeneratedRegex("host header", RegexOptions.IgnoreCase)]
    private static partial Regex HostHeader();

    [GeneratedRegex("must be in (the )?'?active'? (lifecycle_)?st|current state is deleted|in deleted state|is deleted|deleted experiment",
        RegexOptions.IgnoreCase)]
    private static partial Regex DeletedState();
}
