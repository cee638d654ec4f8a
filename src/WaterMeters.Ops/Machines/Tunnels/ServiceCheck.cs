using WaterMeters.Ops.Http;

namespace WaterMeters.Ops.Machines.Tunnels;

/// <summary>Asks a service on the machine whether it answers.</summary>
internal static class ServiceCheck
{
    private static readonly HttpClient Client = new(new SocketsHttpHandler { Proxy = new DirectToLoopback(HttpClient.DefaultProxy) })
    {
        Timeout = TimeSpan.FromSeconds(5),
    };

    /// <summary>Returns whether an address answers with success; an answer that does not come within 5 seconds is none.</summary>
    public static bool IsAnswering(Uri service, CancellationToken stop)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, service);
            using var answer = Client.Send(request, HttpCompletionOption.ResponseHeadersRead, stop);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or IOException
            || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return false;
        }
    }
}
