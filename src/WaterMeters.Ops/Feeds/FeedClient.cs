using System.Net;
using WaterMeters.Ml.Runtime;

namespace WaterMeters.Ops.Feeds;

/// <summary>HTTP client of package feeds; a server that sends nothing for a while counts as unreachable.</summary>
internal sealed class FeedClient(DownloadOptions options) : IDisposable
{
    private readonly HttpClient http =
        new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(20) }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>The download options.</summary>
    public DownloadOptions Options => options;

    /// <summary>Sends a request and waits for the response headers.</summary>
    /// <exception cref="IOException">The server does not respond, or not in time.</exception>
    public HttpResponseMessage Send(HttpRequestMessage request, CancellationToken stop) =>
        WithTimeout(token => http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token), stop);

    /// <summary>Reads available bytes of a response body; 0 at its end.</summary>
    /// <exception cref="IOException">The connection was lost or timed out.</exception>
    public int Read(Stream body, byte[] buffer, CancellationToken stop) =>
        WithTimeout(token => body.ReadAsync(buffer, token).AsTask(), stop);

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    /// <summary>Returns the error of a status code that is final; null for one that a retry may change.</summary>
    public static RuntimeInstallationException? Refusal(Uri address, HttpStatusCode status, RuntimePackage package) => status switch
    {
        HttpStatusCode.NotFound or HttpStatusCode.Gone => Unavailable(
            address,
            $"Cannot find '{address}' (HTTP {(int)status}). "
                + $"Name another feed that has {package.Id} {package.Version}, or the package file, with -Source."),
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.ProxyAuthenticationRequired => Unavailable(
            address,
            $"'{address}' requires authentication (HTTP {(int)status}). "
                + $"Download {package.FileName} with a program that can sign in, and name the file with -Source."),
        HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError => null,
        _ => Unavailable(address, $"'{address}' returns HTTP {(int)status}. Name another feed, or the package file, with -Source."),
    };

    /// <summary>Creates the error of a feed that cannot be used.</summary>
    public static RuntimeInstallationException Unavailable(Uri address, string message, Exception? inner = null) =>
        new(RuntimeInstallationFault.FeedUnavailable, address.ToString(), message, inner);

    private T WithTimeout<T>(Func<CancellationToken, Task<T>> work, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(options.IdleTimeout);
        try
        {
            return work(limit.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new IOException(FormattableString.Invariant($"The server sent nothing for {options.IdleTimeout.TotalSeconds:0} s."));
        }
        catch (HttpRequestException e)
        {
            throw new IOException(e.InnerException?.Message ?? e.Message, e);
        }
    }
}
