using System.Net;
using System.Net.Sockets;
using WaterMeters.Ops.Aws;
using WaterMeters.Ops.Machines.Tunnels;

namespace WaterMeters.Ops.Tests.Machines.Tunnels;

public sealed class ServiceTunnelTests
{
    [Theory]
    [InlineData("http://localhost:5000", true)]
    [InlineData("http://LOCALHOST:5000/ml", true)]
    [InlineData("http://127.0.0.1:5000", true)]
    [InlineData("http://127.1.2.3", true)]
    [InlineData("http://[::1]:5000", true)]
    [InlineData("http://10.0.0.4:5000", false)]
    [InlineData("https://mlflow.example.com", false)]
    [InlineData("http://localhost.example.com:5000", false)]
    public void An_address_of_this_computer_needs_a_forwarded_port(string service, bool expected) =>
        Assert.Equal(expected, ServiceTunnel.IsFor(new Uri(service)));

    [Theory]
    [InlineData("http://localhost:5000", "http://localhost:5000/health")]
    [InlineData("http://ana:planted@localhost:5000/ml/", "http://localhost:5000/ml/health")]
    public void The_address_that_messages_show_has_no_password(string service, string expected) =>
        Assert.Equal(expected, ServiceTunnel.HealthOf(new Uri(service)).OriginalString);

    [Theory]
    [InlineData("localhost", "127.0.0.1", false)]
    [InlineData("localhost", "::1", false)]
    [InlineData("127.0.0.1", "127.0.0.1", false)]
    [InlineData("127.0.0.1", "::1", true)]
    [InlineData("[::1]", "::1", false)]
    public void A_port_is_free_at_every_address_that_a_client_asks(string host, string other, bool expected)
    {
        var address = IPAddress.Parse(other);
        Assert.SkipUnless(address.AddressFamily == AddressFamily.InterNetwork || Socket.OSSupportsIPv6, "no IPv6");
        using var listener = new TcpListener(address, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        Assert.Equal(expected, ServiceTunnel.IsFree(new Uri($"http://{host}:{port}")));
    }

    // The boundary is that of the AWS CLI: awscli/customizations/sessionmanager.py.
    [Theory]
    [InlineData(null, false)]
    [InlineData("1.2.398.0", false)]
    [InlineData("1.2.497.0", false)]
    [InlineData("1.2.497.1", true)]
    [InlineData("1.2.536.0", true)]
    [InlineData("1.3.0.0", true)]
    public void A_newer_plugin_takes_the_token_in_a_variable(string? version, bool expected) =>
        Assert.Equal(expected, SessionPlugin.TakesVariable(version is null ? null : Version.Parse(version)));

    [Theory]
    [InlineData(null)]
    [InlineData("https://mlflow.example.com")]
    public void Without_an_address_of_this_computer_there_is_no_check(string? registry)
    {
        var settings = new AwsSettings { Registry = registry is null ? null : new Uri(registry) };
        Assert.Null(SessionPluginInspector.Inspect(settings, TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
    }
}
