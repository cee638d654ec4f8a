namespace WaterMeters.Ops.Http;

/// <summary>HTTP requests with a limit on silence instead of one on time: a server that sends nothing for a while counts as lost.</summary>
/// <param name="handler">Connects; disposed with this object.</param>
/// <param name="idleTimeout">Time without data after which a connection counts as lost.</param>
internal sealed class HttpTransport(HttpMessageHandler handler, TimeSpan idleTimeout) : IDisposable
{
    private readonly HttpClient http = new(handler) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Sends a request and waits for the response headers.</summary>
    /// <exception cref="HttpTransportException">The server does not respond, or not in time.</exception>
    public HttpResponseMessage Send(HttpRequestMessage request, CancellationToken stop)
    {
        return WithTimeout((limit, _) =>
        {
            // A long upload is not silence.
            if (request.Content is FileUpload upload) upload.Sent += () => limit.CancelAfter(idleTimeout);
            return http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        }, stop);
    }

    /// <summary>Reads available bytes of a response body; 0 at its end.</summary>
    /// <exception cref="HttpTransportException">The connection was lost or timed out.</exception>
    public int Read(Stream body, Memory<byte> buffer, CancellationToken stop) =>
        WithTimeout((limit, _) => body.ReadAsync(buffer, limit.Token).AsTask(), stop);

    /// <summary>Reads a whole response body.</summary>
    /// <param name="response">The response.</param>
    /// <param name="maxBytes">The largest body that is accepted.</param>
    /// <param name="stop">Stops the work.</param>
    /// <returns>The body; null if it is larger.</returns>
    /// <exception cref="HttpTransportException">The connection was lost or timed out.</exception>
    public byte[]? ReadAll(HttpResponseMessage response, int maxBytes, CancellationToken stop)
    {
        using var body = response.Content.ReadAsStream(stop);
        using var whole = new MemoryStream();
        byte[] buffer = new byte[1 << 16];
        while (Read(body, buffer, stop) is > 0 and int count)
        {
            if (whole.Length + count > maxBytes) return null;
            whole.Write(buffer, 0, count);
        }

        return whole.ToArray();
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private T WithTimeout<T>(Func<CancellationTokenSource, CancellationToken, Task<T>> work, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(idleTimeout);
        try
        {
            return work(limit, stop).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException e) when (!stop.IsCancellationRequested)
        {
            bool connecting = e.InnerException is TimeoutException && !limit.IsCancellationRequested;
            string message = connecting
                ? "The server does not answer."
                : FormattableString.Invariant($"The server sent nothing for {idleTimeout.TotalSeconds:0} s.");
            throw new HttpTransportException(message, connecting ? HttpRequestError.ConnectionError : HttpRequestError.Unknown, e);
        }
        catch (HttpRequestException e)
        {
            throw new HttpTransportException(e.InnerException?.Message ?? e.Message, e.HttpRequestError, e);
        }
        catch (IOException e) when (e is not HttpTransportException)
        {
            throw new HttpTransportException(e.Message, HttpRequestError.ResponseEnded, e);
        }
    }
}
