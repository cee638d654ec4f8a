using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using WaterMeters.Ops.Tracking;
using WaterMeters.Ops.Tracking.Rest;

namespace WaterMeters.Ops.Tests.Tracking.Rest;

public class TlsTests
{
    [Fact(SkipWhen = nameof(WindowsSystem.IsWine), SkipType = typeof(WindowsSystem), Skip = "Wine cannot create a certificate.")]
    public async Task A_certificate_that_no_one_signed_is_refused_unless_the_user_says_otherwise()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));

        // Windows uses a key only if it was imported.
        using var certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answers = Task.Run(() => Answer(listener, certificate), TestContext.Current.CancellationToken);
        string address = $"https://{listener.LocalEndpoint}/";

        using var strict = new RestTrackingStore(MlflowSettings.Read(address, _ => null));
        var e = Assert.Throws<TrackingException>(() => strict.GetRun("r", TestContext.Current.CancellationToken));
        Assert.Equal(TrackingFault.Unreachable, e.Fault);
        Assert.Contains("MLFLOW_TRACKING_INSECURE_TLS", e.Message, StringComparison.Ordinal);

        using var lax = new RestTrackingStore(MlflowSettings.Read(address, name => name == "MLFLOW_TRACKING_INSECURE_TLS" ? "true" : null));
        Assert.Equal("r", lax.GetRun("r", TestContext.Current.CancellationToken).Id);
        await answers;
    }

    private static void Answer(TcpListener listener, X509Certificate2 certificate)
    {
        for (int connections = 0; connections < 2; connections++)
        {
            using var client = listener.AcceptTcpClient();
            using var stream = new SslStream(client.GetStream());
            try
            {
                stream.AuthenticateAsServer(certificate);
                _ = stream.Read(new byte[4096]);
                const string Body = """{"run": {"info": {"run_id": "r"}}}""";
                stream.Write(Encoding.ASCII.GetBytes(
                    $"HTTP/1.1 200 OK\r\nContent-Length: {Body.Length}\r\nConnection: close\r\n\r\n{Body}"));
            }
            catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
            {
                // The client refused the certificate.
            }
        }
    }
}
