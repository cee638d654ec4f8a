using FsCheck;
using FsCheck.Fluent;
using WaterMeters.Ops.Tracking;
using WaterMeters.Ops.Tracking.Sqlite;

namespace WaterMeters.Ops.Tests.Tracking;

public class ModelReferenceTests
{
    [Theory]
    [InlineData("Production", ModelReferenceKind.Stage, null, "Production")]
    [InlineData("archived", ModelReferenceKind.Stage, null, "Archived")]
    [InlineData("champion", ModelReferenceKind.Alias, null, "champion")]
    [InlineData("@champion", ModelReferenceKind.Alias, null, "champion")]
    [InlineData("@production", ModelReferenceKind.Alias, null, "production")]
    [InlineData("3", ModelReferenceKind.Version, null, "3")]
    [InlineData("v003", ModelReferenceKind.Version, null, "3")]
    [InlineData("models:/meters/3", ModelReferenceKind.Version, "meters", "3")]
    [InlineData("models:/meters/Staging", ModelReferenceKind.Stage, "meters", "Staging")]
    [InlineData("models:/water meters@champion", ModelReferenceKind.Alias, "water meters", "champion")]
    [InlineData("models:/meters/latest", ModelReferenceKind.Latest, "meters", "")]
    [InlineData("runs:/640330fd89044cbeab59977851a1794b", ModelReferenceKind.Run, null, "640330fd89044cbeab59977851a1794b")]
    public void Says_what_it_names(string text, ModelReferenceKind kind, string? model, string value)
    {
        var reference = ModelReference.Parse(text)!;
        Assert.Equal((kind, model, value, ""), (reference.Kind, reference.Model, reference.Value, reference.Path));
        string? named = kind == ModelReferenceKind.Run ? null : model ?? "other";
        Assert.Equal(reference with { Model = named }, ModelReference.Parse(reference.Address("other")));
    }

    [Fact]
    public void A_run_can_have_a_path() =>
        Assert.Equal(new(ModelReferenceKind.Run, null, "abc", "best/model"), ModelReference.Parse("runs:/abc/best/model/"));

    [Theory]
    [InlineData("")]
    [InlineData("models:/meters")]
    [InlineData("models:/meters/nonsense")]
    [InlineData("models:/meters/99999999999")]
    [InlineData("model.onnx")]
    [InlineData("C:\\models\\x")]
    [InlineData("a b")]
    public void Other_texts_are_none(string text) => Assert.Null(ModelReference.Parse(text));

    [Fact]
    public void No_text_is_an_error() => Prop.ForAll(
        ArbMap.Default.ArbFor<string>(),
        text => ModelReference.Parse(text ?? "") is { } found ? found.Address("m").Length > 0 : true).QuickCheckThrowOnFailure();

    [Fact]
    public void Finds_the_version_or_says_what_there_is()
    {
        using var temp = new TempFolder();
        using var store = new SqliteTrackingStore(temp["mlflow.db"]);
        var stop = TestContext.Current.CancellationToken;
        var error = Assert.Throws<TrackingException>(() => Find("Production"));
        Assert.Contains("Publish-WmsModel", error.Message);

        string experiment = store.GetOrCreateExperiment("x", stop).Id;
        store.GetOrCreateModel("meters", "", stop);
        Run[] runs = [.. Enumerable.Range(0, 3).Select(i => store.CreateRun(
            new() { ExperimentId = experiment, Name = $"r{i}", Start = DateTimeOffset.UtcNow }, stop))];
        foreach (var run in runs[..2])
        {
            store.CreateVersion(new() { Name = "meters", Source = $"runs:/{run.Id}/model", RunId = run.Id }, stop);
        }

        var time = DateTimeOffset.UtcNow;
        store.SetStage(
            new() { Name = "meters", Version = 1, Stage = RegistryStage.Production, Alias = "champion", By = "ana", Time = time }, stop);

        Assert.Equal((1, 1), (Find("Production")!.Version, Find("@champion")!.Version));
        Assert.Equal((2, 2), (Find("v2")!.Version, Find("models:/meters/latest")!.Version));
        Assert.Equal(2, Find($"runs:/{runs[1].Id}")!.Version);
        Assert.Null(Find($"runs:/{runs[2].Id}"));
        error = Assert.Throws<TrackingException>(() => Find("Staging"));
        Assert.Equal(TrackingFault.NotFound, error.Fault);
        Assert.Contains("version 2 (None), version 1 (Production, @champion)", error.Message);

        ModelVersion? Find(string text) => ModelResolver.Resolve(store, ModelReference.Parse(text)!, "meters", stop);
    }
}
