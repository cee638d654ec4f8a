namespace WaterMeters.Ops.Http;

/// <summary>No response, or only a part of one.</summary>
internal sealed class HttpTransportException(string message, HttpRequestError error, Exception inner) : IOException(message, inner)
{
    /// <summary>What failed.</summary>
    public HttpRequestError Error => error;

    /// <summary>Whether the server cannot have received the request: there was no connection to it.</summary>
    public bool IsUnsent => error is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
        or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError;
}
