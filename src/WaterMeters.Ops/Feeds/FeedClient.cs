using System.Net;
using WaterMeters.Ml.Runtime;
using WaterMeters.Ops.Http;

namespace WaterMeters.Ops.Feeds;

/// <summary>HTTP client of package feeds; a server that sends nothing for a while counts as unreachable.</summary>
internal sealed class FeedClient(DownloadOptions options) : IDisposable
{
    private readonly HttpTransport http =
        new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(20) }, options.IdleTimeout);

    /// <summary>The download options.</summary>
    public DownloadOptions Options => options;

    /// <summary>The requests.</summary>
    public HttpTransport Http => http;

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
}
