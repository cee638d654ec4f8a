using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace WaterMeters.Ops.Tests.Http;

/// <summary>A request that a <see cref="FakeServer"/> received.</summary>
/// <param name="Method">Method.</param>
/// <param name="Target">Path and query.</param>
/// <param name="Headers">Headers; names in any case.</param>
/// <param name="Body">Body.</param>
internal sealed record FakeRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Path => Target.Split('?')[0];

    public string Text => Encoding.UTF8.GetString(Body);

    public string Header(string name) => Headers.GetValueOrDefault(name, "");
}

/// <summary>A response and its faults.</summary>
/// <param name="Status">Status code; 0: the connection is closed without a response.</param>
/// <param name="Body">Body.</param>
internal sealed record FakeResponse(int Status, byte[] Body)
{
    public string Headers { get; init; } = "";

    /// <summary>Bytes of the body that are sent before the connection is closed; null: all.</summary>
    public int? Cut { get; init; }

    /// <summary>Whether the length is left out, so that the end of the connection is the end of the body.</summary>
    public bool WithoutLength { get; init; }

    /// <summary>Whether the connection stays open in silence after the last byte.</summary>
    public bool ThenSilent { get; init; }

    /// <summary>The connection is closed after the request.</summary>
    public static FakeResponse Lost { get; } = new(0, []);

    /// <summary>The connection stays open, and nothing comes.</summary>
    public static FakeResponse Silent { get; } = new(0, []) { ThenSilent = true };

    public static FakeResponse Json(string text, int status = 200) =>
        new(status, Encoding.UTF8.GetBytes(text)) { Headers = "Content-Type: application/json\r\n" };
}

/// <summary>A server on this machine that answers as a test says, with the faults of real servers and networks.</summary>
internal sealed class FakeServer : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly Func<FakeRequest, FakeResponse> answer;
    private readonly CancellationTokenSource ended = new();
    private readonly List<FakeRequest> requests = [];

    public FakeServer(Func<FakeRequest, FakeResponse> answer)
    {
        this.answer = answer;
        listener.Start();
        _ = Serve();
    }

    public Uri Address => new($"http://{listener.LocalEndpoint}/");

    /// <summary>All requests so far, in order.</summary>
    public IReadOnlyList<FakeRequest> Requests
    {
        get
        {
            lock (requests) return [.. requests];
        }
    }

    public void Dispose()
    {
        ended.Cancel();
        listener.Dispose();
        ended.Dispose();
    }

    private async Task Serve()
    {
        while (!ended.IsCancellationRequested)
        {
            TcpClient client;
            try
            {
                client = await listener.AcceptTcpClientAsync(ended.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                return;
            }

            _ = Answer(client);
        }
    }

    private async Task Answer(TcpClient client)
    {
        using (client)
        {
            try
            {
                await using var stream = client.GetStream();
                var request = await Read(stream);
                FakeResponse response;
                lock (requests)
                {
                    requests.Add(request);
                    response = answer(request);
                }

                await Send(stream, response);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
            {
                // The client closed the connection, or the test has ended.
            }
        }
    }

    private async Task<FakeRequest> Read(NetworkStream stream)
    {
        var head = new List<byte>();
        byte[] one = new byte[1];
        while (!(head.Count > 4 && head[^4..] is [(byte)'\r', (byte)'\n', (byte)'\r', (byte)'\n']))
        {
            await stream.ReadExactlyAsync(one, ended.Token);
            head.Add(one[0]);
        }

        string[] lines = Encoding.ASCII.GetString([.. head]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        string[] first = lines[0].Split(' ');
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string line in lines[1..])
        {
            string[] parts = line.Split(": ", 2);
            headers[parts[0]] = parts[1];
        }

        // Without this answer, a client waits for a second before it sends the body.
        if (headers.GetValueOrDefault("Expect", "").Equals("100-continue", StringComparison.OrdinalIgnoreCase))
        {
            await stream.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), ended.Token);
        }

        byte[] body = new byte[int.Parse(headers.GetValueOrDefault("Content-Length", "0"), CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(body, ended.Token);
        return new FakeRequest(first[0], first[1], headers, body);
    }

    private async Task Send(NetworkStream stream, FakeResponse response)
    {
        if (response.Status > 0)
        {
            string length = response.WithoutLength ? "" : $"Content-Length: {response.Body.Length}\r\n";
            string head = $"HTTP/1.1 {response.Status} Status\r\n{length}{response.Headers}Connection: close\r\n\r\n";
            await stream.WriteAsync(Encoding.ASCII.GetBytes(head), ended.Token);
            await stream.WriteAsync(response.Body.AsMemory(0, response.Cut ?? response.Body.Length), ended.Token);
            await stream.FlushAsync(ended.Token);
        }

        if (response.ThenSilent) await Task.Delay(Timeout.Infinite, ended.Token);
    }
}
