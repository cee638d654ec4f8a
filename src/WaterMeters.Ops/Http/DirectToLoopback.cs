using System.Net;

namespace WaterMeters.Ops.Http;

/// <summary>
/// A proxy that addresses of this computer do not use. .NET sends them to HTTP_PROXY unless NO_PROXY names them; a proxy cannot reach a
/// port that is forwarded here.
/// </summary>
/// <param name="inner">The proxy for all others, such as the user's.</param>
internal sealed class DirectToLoopback(IWebProxy inner) : IWebProxy
{
    /// <inheritdoc/>
    public ICredentials? Credentials
    {
        get => inner.Credentials;
        set => inner.Credentials = value;
    }

    /// <inheritdoc/>
    public Uri? GetProxy(Uri destination) => destination.IsLoopback ? null : inner.GetProxy(destination);

    /// <inheritdoc/>
    public bool IsBypassed(Uri host) => host.IsLoopback || inner.IsBypassed(host);
}
