using WaterMeters.Ops.Tracking;
using WaterMeters.Ops.Tracking.Artifacts;
using WaterMeters.Ops.Tracking.Sqlite;

namespace WaterMeters.Ops.Tests.Tracking.Sqlite;

public class ArtifactAddressTests
{
    private const string Run = "640330fd89044cbeab59977851a1794b";

    [Theory]
    [InlineData("mlruns/1/ID/artifacts")]
    [InlineData("./mlruns/1/ID/artifacts")]
    [InlineData("file:mlruns/1/ID/artifacts")]
    [InlineData("/no/such/place/mlruns/1/ID/artifacts")]
    [InlineData("file:///no/such/place/mlruns/1/ID/artifacts")]
    [InlineData("file://localhost/no/such/place/mlruns/1/ID/artifacts")]
    [InlineData("file:///Q:/no/such%20place/mlruns/1/ID/artifacts")]
    [InlineData("Q:/no/such/mlruns/mlruns/1/ID/artifacts")]
    [InlineData(@"Q:\no\such\mlruns\1\ID\artifacts")]
    [InlineData(@"\\server\share\mlruns\1\ID\artifacts")]
    public void A_moved_store_finds_its_artifacts_beside_the_database(string address)
    {
        using var temp = new TempFolder();
        Directory.CreateDirectory(temp["mlruns", "1", Run, "artifacts"]);
        Assert.Equal(temp["mlruns", "1", Run, "artifacts"], ArtifactAddress.PathOf(address.Replace("ID", Run), temp["mlflow.db"]));
    }

    [Fact]
    public void A_store_that_was_not_moved_keeps_its_own_folders()
    {
        using var temp = new TempFolder();
        using var elsewhere = new TempFolder();
        string folder = elsewhere["mlruns", "1", Run, "artifacts"].Replace('\\', '/');
        Directory.CreateDirectory(folder);
        Directory.CreateDirectory(temp["mlruns", "1", Run, "artifacts"]);
        Assert.Equal(Path.GetFullPath(folder), ArtifactAddress.PathOf(folder, temp["mlflow.db"]));
        Assert.Equal(Path.GetFullPath(folder), ArtifactAddress.PathOf(new Uri(folder).AbsoluteUri, temp["mlflow.db"]));
    }

    [Fact]
    public void New_artifacts_go_where_the_experiment_has_them_and_beside_the_database_after_a_move()
    {
        using var temp = new TempFolder();
        using var other = new TempFolder();
        string root = $"{other.Path.Replace('\\', '/')}/mlruns";
        string there = $"{root}/1";
        Assert.Equal($"{there}/{Run}/artifacts", ArtifactAddress.OfNewRun(new("1", "x", there), Run));
        Assert.Equal($"mlruns/1/{Run}/artifacts", ArtifactAddress.OfNewRun(new("1", "x", "/no/such/place/mlruns/1"), Run));
        Assert.Equal($"mlruns/1/{Run}/artifacts", ArtifactAddress.OfNewRun(new("1", "x", ""), Run));
        Assert.Equal($"s3://bucket/1/{Run}/artifacts", ArtifactAddress.OfNewRun(new("1", "x", "s3://bucket/1"), Run));
        Assert.Equal($"{root}/2", ArtifactAddress.OfNewExperiment(2, $"{root}/0"));
        Assert.Equal("mlruns/2", ArtifactAddress.OfNewExperiment(2, "/no/such/place/mlruns/0"));
        Assert.Equal("mlruns/2", ArtifactAddress.OfNewExperiment(2, "mlflow-artifacts:/0"));
        Assert.Equal("mlruns/2", ArtifactAddress.OfNewExperiment(2, null));

        string fresh = ArtifactAddress.PathOf($"{there}/{Run}/artifacts", temp["mlflow.db"])!;
        Assert.Equal(Path.GetFullPath($"{there}/{Run}/artifacts"), Path.GetFullPath(fresh));
        Assert.Equal(
            temp["mlruns", "1", Run, "artifacts"], ArtifactAddress.PathOf($"/no/such/place/mlruns/1/{Run}/artifacts", temp["mlflow.db"]));
    }

    [Theory]
    [InlineData("s3://bucket/1/x/artifacts", "s3")]
    [InlineData("mlflow-artifacts:/1/x/artifacts", "mlflow-artifacts")]
    [InlineData("https://host/x", "https")]
    [InlineData("file:///x", "file")]
    [InlineData("C:/x", null)]
    [InlineData("mlruns/a:b", null)]
    [InlineData("", null)]
    public void Schemes_are_told_from_drives(string address, string? scheme)
    {
        Assert.Equal(scheme, LocalAddress.SchemeOf(address));
        Assert.Equal(scheme is null or "file", LocalAddress.PathOf(address) is not null);
    }

    [Fact]
    public void What_only_a_server_can_reach_says_so()
    {
        using var temp = new TempFolder();
        var stop = TestContext.Current.CancellationToken;
        var opened = new LocalArtifactFolder(temp["cloud"]);
        using var store = new SqliteTrackingStore(
            temp["mlflow.db"], openElsewhere: address => address.StartsWith("s3:", StringComparison.Ordinal) ? opened : null);
        string experiment = store.GetOrCreateExperiment("x", stop).Id;
        var run = store.CreateRun(new() { ExperimentId = experiment, Name = "r", Start = DateTimeOffset.UtcNow }, stop);
        Assert.Same(opened, store.ArtifactsOf(run with { ArtifactAddress = "s3://bucket/1/x/artifacts" }, stop));
        var error = Assert.Throws<TrackingException>(
            () => store.ArtifactsOf(run with { ArtifactAddress = "mlflow-artifacts:/1/x/artifacts" }, stop));
        Assert.Equal(TrackingFault.UnsupportedAddress, error.Fault);
        Assert.Contains("MLFLOW_TRACKING_URI", error.Message);
    }
}
