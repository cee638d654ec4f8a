using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace WaterMeters.Ops.Tests.Feeds;

/// <summary>
/// A local NuGet v3 feed with one package and the faults of real servers. Each request for the package meets the next fault of a list;
/// after its end all requests succeed.
/// </summary>
internal sealed class FakeFeed : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly Queue<Fault> faults;
    private readonly byte[] package;
    private readonly CancellationTokenSource ended = new();

    public FakeFeed(byte[] package, params Fault[] faults)
    {
        (this.package, this.faults) = (package, new Queue<Fault>(faults));
        listener.Start();
        _ = Serve();
    }

    public enum Fault
    {
        /// <summary>The complete response.</summary>
        None,

        /// <summary>Half of the remaining bytes, then the connection is cut.</summary>
        CutInTheMiddle,

        /// <summary>Half of the remaining bytes, then nothing; the connection stays open.</summary>
        Silent,

        /// <summary>The whole file with status 200, whatever range is requested.</summary>
        NoRange,

        /// <summary>As NoRange, and cut in the middle.</summary>
        NoRangeCut,

        /// <summary>404.</summary>
        Gone,

        /// <summary>503.</summary>
        Busy,

        /// <summary>Other bytes of the same length.</summary>
        OtherBytes,
    }

    public Uri Index => new($"http://{listener.LocalEndpoint}/v3/index.json");

    /// <summary>The text of index.json; null for the services of a feed.</summary>
    public string? IndexText { get; init; }

    /// <summary>The Range headers of the requests for the package, in order; empty if a request has none.</summary>
    public List<string> Ranges { get; } = [];

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
                using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
                string path = (await reader.ReadLineAsync(ended.Token))!.Split(' ')[1], range = "";
                while (await reader.ReadLineAsync(ended.Token) is { Length: > 0 } line)
                {
                    if (line.StartsWith("Range: ", StringComparison.OrdinalIgnoreCase)) range = line[7..];
                }

                if (path == "/v3/index.json") await Send(stream, "200 OK", "", Encoding.UTF8.GetBytes(IndexText ?? Services()));
                else if (path.EndsWith(".nupkg", StringComparison.Ordinal)) await SendPackage(stream, range);
                else await Send(stream, "404 Not Found", "", default);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
            {
                // The client closed the connection, or the test has ended.
            }
        }
    }

    private string Services() => $$"""
        { "version": "3.0.0", "resources": [
          { "@id": "http://{{listener.LocalEndpoint}}/search", "@type": "SearchQueryService" },
          { "@id": "http://{{listener.LocalEndpoint}}/flat/", "@type": "PackageBaseAddress/3.0.0" } ] }
        """;

    private async Task SendPackage(NetworkStream stream, string range)
    {
        Fault fault;
        lock (Ranges)
        {
            Ranges.Add(range);
            fault = faults.TryDequeue(out var next) ? next : Fault.None;
        }

        if (fault is Fault.Gone or Fault.Busy)
        {
            await Send(stream, fault == Fault.Gone ? "404 Not Found" : "503 Service Unavailable", "", default);
            return;
        }

        bool ranged = range.Length > 0 && fault is not (Fault.NoRange or Fault.NoRangeCut);
        int from = ranged ? int.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture) : 0;
        if (from >= package.Length && ranged)
        {
            await Send(stream, "416 Range Not Satisfiable", $"Content-Range: bytes */{package.Length}\r\n", default);
            return;
        }

        byte[] body = package[from..];
        if (fault == Fault.OtherBytes) body = [.. body.Select(b => (byte)~b)];
        int send = fault is Fault.CutInTheMiddle or Fault.Silent or Fault.NoRangeCut ? body.Length / 2 : body.Length;
        string status = ranged ? "206 Partial Content" : "200 OK";
        string header = ranged ? $"Content-Range: bytes {from}-{package.Length - 1}/{package.Length}\r\n" : "";
        await Send(stream, status, header, body.AsMemory(0, send), body.Length);
        if (fault == Fault.Silent) await Task.Delay(Timeout.Infinite, ended.Token);
    }

    private async Task Send(NetworkStream stream, string status, string headers, ReadOnlyMemory<byte> body, int? length = null)
    {
        string head = $"HTTP/1.1 {status}\r\nContent-Length: {length ?? body.Length}\r\n{headers}Connection: close\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), ended.Token);
        await stream.WriteAsync(body, ended.Token);
        await stream.FlushAsync(ended.Token);
    }
}
