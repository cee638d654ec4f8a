using WaterMeters.Ops.Tracking;
using WaterMeters.Ops.Tracking.Rest;

namespace WaterMeters.Ops.Tests.Tracking.Rest;

public class MlflowSettingsTests
{
    [Fact]
    public void Reads_what_MLflow_reads()
    {
        var variables = new Dictionary<string, string>
        {
            ["MLFLOW_TRACKING_USERNAME"] = "ana",
            ["MLFLOW_TRACKING_PASSWORD"] = "p",
            ["MLFLOW_WORKSPACE"] = "team",
            ["MLFLOW_TRACKING_INSECURE_TLS"] = "true",
            ["MLFLOW_HTTP_REQUEST_TIMEOUT"] = "7",
            ["MLFLOW_HTTP_REQUEST_MAX_RETRIES"] = "0",
            ["MLFLOW_S3_ENDPOINT_URL"] = "http://127.0.0.1:9000",
        };
        var settings = MlflowSettings.Read("https://tracking.example.com/mlflow", variables.GetValueOrDefault);
        Assert.Equal(new Uri("https://tracking.example.com/mlflow/"), settings.Address);
        Assert.Equal(("ana", "p", null, "team"), (settings.UserName, settings.Password, settings.Token, settings.Workspace));
        Assert.Equal((true, 7, 0), (settings.AcceptsAnyCertificate, settings.Timeout.TotalSeconds, settings.Retries));
        Assert.Equal(9000, settings.S3Endpoint!.Port);
        Assert.Equal((120, false), Defaults(MlflowSettings.Read("http://localhost:5000", _ => null)));

        static (double, bool) Defaults(MlflowSettings settings) => (settings.Timeout.TotalSeconds, settings.AcceptsAnyCertificate);
    }

    [Theory]
    [InlineData("http://ana:p%40ss@host:5000/x/", "http://host:5000/x/", "ana", "p@ss")]
    [InlineData("http://host", "http://host/", null, null)]
    public void Takes_credentials_out_of_the_address(string address, string plain, string? user, string? password)
    {
        var settings = MlflowSettings.Read(address, _ => null);
        Assert.Equal((plain, user, password), (settings.ToString(), settings.UserName, settings.Password));
        using var store = new RestTrackingStore(settings);
        Assert.Equal(plain.TrimEnd('/'), store.Address);
    }

    [Theory]
    [InlineData("databricks")]
    [InlineData("mlruns")]
    [InlineData("ftp://ana:geheim@host/")]
    [InlineData("http://ana:ge/heim@host:5000")]
    [InlineData("http://ana:ge#heim@host/x")]
    [InlineData("")]
    public void Refuses_what_is_not_a_server(string address)
    {
        var e = Assert.Throws<TrackingException>(() => MlflowSettings.Read(address, _ => null));
        Assert.Equal(TrackingFault.UnsupportedAddress, e.Fault);
        Assert.DoesNotContain("heim", e.ToString() + e.Target, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://host:5000/a@b", "http://host:5000/a@b")]
    [InlineData("http://[::1]:5000/a@b", "http://[::1]:5000/a@b")]
    [InlineData("sqlite:////srv/a@b.db", "sqlite:////srv/a@b.db")]
    [InlineData("postgresql://ana:p/w@host/db", "postgresql://host/db")]
    public void Takes_out_credentials_and_nothing_else(string address, string plain) =>
        Assert.Equal(plain, MlflowSettings.WithoutCredentials(address));

    [Theory]
    [InlineData("MLFLOW_HTTP_REQUEST_TIMEOUT", "soon")]
    [InlineData("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "-1")]
    [InlineData("MLFLOW_S3_ENDPOINT_URL", "minio")]
    public void Refuses_a_variable_that_has_no_use(string name, string value)
    {
        var e = Assert.Throws<TrackingException>(() => MlflowSettings.Read("http://host", key => key == name ? value : null));
        Assert.Equal((TrackingFault.InvalidValue, name), (e.Fault, e.Target));
    }
}
