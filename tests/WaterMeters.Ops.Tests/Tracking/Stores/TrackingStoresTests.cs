using WaterMeters.Ml.Settings;
using WaterMeters.Ops.Tracking.Sqlite;
using WaterMeters.Ops.Tracking.Stores;

namespace WaterMeters.Ops.Tests.Tracking.Stores;

/// <summary>Which store is chosen: the parameter, the environment, the settings, the nearest database.</summary>
public sealed class TrackingStoresTests : IDisposable
{
    private const string Server = "https://mlflow.example.com", Other = "http://127.0.0.1:5000/base";

    // Canonical, as the folder for temporary files can be a link.
    private readonly string folder = Directory.CreateTempSubdirectory("wms-stores-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void The_parameter_precedes_the_environment_which_precedes_the_settings()
    {
        Assert.Equal((Server, true, "-TrackingUri"), Of(Find(Server, Other, "settings.db")));
        Assert.Equal((Other, true, "MLFLOW_TRACKING_URI"), Of(Find(null, Other, "settings.db")));
        Assert.Equal((Database("project", "settings.db"), false, "tracking.uri"), Of(Find(null, " ", "settings.db")));
        Assert.Equal((Database("project", "mlflow.db"), false, "default"), Of(Find(null, null, null)));
    }

    [Fact]
    public void A_path_starts_from_the_location_and_one_in_the_settings_from_their_folder()
    {
        Assert.Equal(Database("project", "below", "trials.db"), Find("trials.db", null, null).Address);
        Assert.Equal(Database("project", "below", "trials.db"), Find("sqlite:///trials.db", null, null).Address);
        Assert.Equal(Database("project", "trials.db"), Find(null, null, "trials.db").Address);
    }

    [Fact]
    public void The_nearest_database_within_the_project_is_the_default()
    {
        File.WriteAllText(Path.Combine(folder, "mlflow.db"), "");
        Assert.Equal(Database("project", "mlflow.db"), Find(null, null, null).Address);
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "project", "below")).FullName, "mlflow.db"), "");
        Assert.Equal(Database("project", "below", "mlflow.db"), Find(null, null, null).Address);
    }

    [Theory]
    [InlineData(null, null, "mlflow.db")]
    [InlineData("environment.db", "settings.db", "below/environment.db")]
    [InlineData(Other, "settings.db", "settings.db")]
    [InlineData("file:///srv/mlruns", null, "mlflow.db")]
    public void What_a_server_does_not_take_goes_into_the_database_that_would_be_used_without_it(
        string? environment, string? settings, string expected)
    {
        string path = Path.Combine([folder, "project", .. expected.Split('/')]);
        Assert.Equal(path, Find(Server, environment, settings).DatabasePath);
    }

    [Fact]
    public void An_address_of_a_record_gets_back_the_credentials_of_its_server()
    {
        const string WithPassword = "https://user:secret@mlflow.example.com/";
        Assert.Equal(WithPassword, Find(Server, WithPassword, null).Address);
        Assert.Equal(Server, TrackingStores.AddressOf(Find(Server, WithPassword, null), _ => null));
        Assert.Equal(Other, Find(Other, WithPassword, null).Address);
        Assert.Equal(Other, Find(Other, Path.Combine(folder, "environment.db"), "/settings.db").Address);
    }

    [Theory]
    [InlineData("file:///srv/mlruns")]
    [InlineData("mlruns")]
    [InlineData("mysql://host/db")]
    [InlineData("sqlite://")]
    public void Other_addresses_are_refused(string address) =>
        Assert.Equal(TrackingFault.UnsupportedAddress, Assert.Throws<TrackingException>(() => Find(address, null, null)).Fault);

    [Fact]
    public void The_error_of_an_address_does_not_state_its_password()
    {
        var e = Assert.Throws<TrackingException>(() => Find(null, "postgresql://ana:geheim@host/mlflow", null));
        Assert.DoesNotContain("geheim", e.ToString() + e.Target, StringComparison.Ordinal);
        Assert.Contains("'postgresql://host/mlflow'", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mlruns")]
    [InlineData("./mlruns")]
    [InlineData("file:mlruns")]
    public void An_address_of_a_folder_store_is_refused_with_the_command_that_moves_it(string address)
    {
        string store = Path.Combine(folder, "project", "below", "mlruns");
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(store, "0")).FullName, "meta.yaml"), "name: Default\n");
        var e = Assert.Throws<TrackingException>(() => Find(null, address, null));
        Assert.Equal((TrackingFault.UnsupportedAddress, store), (e.Fault, e.Target));
        Assert.Contains(
            $"mlflow migrate-filestore --source \"{store}\" --target \"{Database("project", "below", "mlflow.db")}\"",
            e.Message, StringComparison.Ordinal);
    }

    private TrackingPlace Find(string? parameter, string? environment, string? settings)
    {
        string project = Path.Combine(folder, "project");
        return TrackingStores.Find(
            parameter,
            new TrackingSettings(settings, null, null, project),
            Path.Combine(project, "below"),
            name => name == TrackingStores.UriName ? environment : null);
    }

    private string Database(params string[] names) => SqliteAddress.Of(Path.Combine([folder, .. names]));

    private static (string Address, bool IsServer, string Source) Of(TrackingPlace place) => (place.Address, place.IsServer, place.Source);
}
