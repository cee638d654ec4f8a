using System.Net;
using WaterMeters.Ml.Runtime;

namespace WaterMeters.Ops.Feeds;

/// <summary>Asks a web server for addresses; a server that says nothing for a while counts as one that is not there.</summary>
internal sealed class FeedClient(DownloadOptions options) : IDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(20) }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>The options it was made with.</summary>
    public DownloadOptions Options => options;

    /// <summary>Sends a request and waits for the head of the answer.</summary>
    /// <exception cref="IOException">Nobody answers, or not in time.</exception>
    public HttpResponseMessage Send(HttpRequestMessage request, CancellationToken stop) =>
        InTime(token => http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token), stop);

    /// <summary>Reads what is there of an answer's body; 0 at its end.</summary>
    /// <exception cref="IOException">The connection broke, or nothing comes.</exception>
    public int Read(Stream body, byte[] buffer, CancellationToken stop) => InTime(token => body.ReadAsync(buffer, token).AsTask(), stop);

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    /// <summary>The error of an answer that asking again would not change; null for one that it might.</summary>
    public static RuntimeInstallationException? Refusal(Uri address, HttpStatusCode status, RuntimePackage package) => status switch
    {
        HttpStatusCode.NotFound or HttpStatusCode.Gone => Unavailable(address, $"'{address}' is not there ({(int)status}). Name another feed that has {package.Id} {package.Version}, or that package's file, with -Source."),
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.ProxyAuthenticationRequired =>
            Unavailable(address, $"'{address}' wants to know who asks ({(int)status}). Download {package.FileName} with a program that can say it, and name the file with -Source."),
        HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError => null,
        _ => Unavailable(address, $"'{address}' answers {(int)status}. Name another feed, or the package's file, with -Source."),
    };

    /// <summary>The error of a feed that cannot be used.</summary>
    public static RuntimeInstallationException Unavailable(Uri address, string message, Exception? inner = null) =>
        new(RuntimeInstallationFault.FeedUnavailable, address.ToString(), message, inner);

    private T InTime<T>(Func<CancellationToken, Task<T>> work, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(options.Silence);
        try
        {
            return work(limit.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new IOException(FormattableString.Invariant($"The server has said nothing for {options.Silence.TotalSeconds:0} s."));
        }
        catch (HttpRequestException e)
        {
            throw new IOException(e.InnerException?.Message ?? e.Message, e);
        }
    }
}
