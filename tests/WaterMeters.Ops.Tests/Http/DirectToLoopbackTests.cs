using System.Net;
using System.Net.Sockets;
using System.Text;
using WaterMeters.Ops.Http;

namespace WaterMeters.Ops.Tests.Http;

public sealed class DirectToLoopbackTests
{
    private static readonly Uri Proxy = new("http://proxy.example.com:3128");

    [Theory]
    [InlineData("http://localhost:5000/health", true)]
    [InlineData("http://127.1.2.3:5000", true)]
    [InlineData("http://[::1]:5000", true)]
    [InlineData("http://10.0.0.4:5000", false)]
    [InlineData("https://localhost.example.com", false)]
    public void Addresses_of_this_computer_do_not_use_the_proxy(string address, bool isDirect)
    {
        var proxy = new DirectToLoopback(new WebProxy(Proxy));
        Assert.Equal(isDirect, proxy.IsBypassed(new Uri(address)));
        Assert.Equal(isDirect ? null : Proxy, proxy.GetProxy(new Uri(address)));
    }

    [Fact]
    public async Task A_request_to_this_computer_arrives_although_there_is_a_proxy()
    {
        var stop = TestContext.Current.CancellationToken;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answer = Task.Run(async () =>
        {
            using var connection = await listener.AcceptTcpClientAsync(stop);
            await connection.GetStream().ReadAtLeastAsync(new byte[16], 16, true, stop);
            await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 204 No Content\r\n\r\n"), stop);
        }, stop);
        using var client = new HttpClient(new SocketsHttpHandler { Proxy = new DirectToLoopback(new WebProxy(Proxy)) });
        using var got = await client.GetAsync(new Uri($"http://{listener.LocalEndpoint}/health"), stop);
        Assert.Equal(HttpStatusCode.NoContent, got.StatusCode);
        await answer;
    }
}
