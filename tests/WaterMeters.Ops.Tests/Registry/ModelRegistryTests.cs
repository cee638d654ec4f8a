using WaterMeters.Ops.Registry;
using WaterMeters.Ops.Tests.Tracking.Sqlite;
using WaterMeters.Ops.Tracking;

namespace WaterMeters.Ops.Tests.Registry;

/// <summary>What is in which stage, since when, by whom and why; and the changes of stages.</summary>
public sealed class ModelRegistryTests : IDisposable
{
    private readonly RegistryFolder folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Knows_no_version_and_creates_no_database()
    {
        var e = Assert.Throws<TrackingException>(() => folder.Registry.List(archived: true, Stop));
        Assert.Equal((TrackingFault.NotFound, RegistryFolder.Name), (e.Fault, e.Target));
        Assert.Contains("Publish-WmsModel", e.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.Store.Path));
    }

    [Fact]
    public void Keeps_one_version_in_production_and_moves_the_aliases()
    {
        Publish(3);
        folder.Move(1, ModelStage.Production, "The first model");
        folder.Move(2, ModelStage.Staging);
        Assert.Equal("1:Production@champion 2:Staging@challenger 3:None", folder.Stages());

        var changed = folder.Move(2, ModelStage.Production, "Better");
        Assert.Equal("1:Archived 2:Production@champion 3:None", folder.Stages());
        Assert.Equal([(2, ModelStage.Production, "champion"), (1, ModelStage.Archived, "")],
            changed.Select(version => (version.Version, version.Stage, version.Aliases)));
        Assert.All(changed, version => Assert.Equal((Environment.UserName, "Better"), (version.By, version.Reason)));

        folder.Move(2, ModelStage.Archived);
        Assert.Equal("1:Archived 2:Archived 3:None", folder.Stages());
        Assert.Equal([3], folder.Registry.List(archived: false, Stop).Select(version => version.Version));
        Assert.Equal([3, 2, 1], folder.Registry.List(archived: true, Stop).Select(version => version.Version));
    }

    [Fact]
    public void Says_what_would_change()
    {
        Publish(2);
        string empty = folder.Registry.Plan("1", ModelStage.Production, Stop).Description;
        Assert.Equal("Change Production from no version to version 1 (Dice 0.910)", empty);
        folder.Move(1, ModelStage.Production);
        var plan = folder.Registry.Plan("2", ModelStage.Production, Stop);
        Assert.Matches(
            @"^Change Production from version 1 \(since \d{4}-\d\d-\d\d \d\d:\d\d, Dice 0\.910\) to version 2 \(Dice 0\.920\)$",
            plan.Description);
        Assert.False(plan.IsDone);
        Assert.True(folder.Registry.Plan("Production", ModelStage.Production, Stop).IsDone);
        Assert.EndsWith("from Production to Archived", folder.Registry.Plan("1", ModelStage.Archived, Stop).Description,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Returns_to_the_version_before_and_back()
    {
        Publish(3);
        Assert.Throws<TrackingException>(() => folder.Registry.PlanPrevious(ModelStage.Production, Stop));
        folder.Move(1, ModelStage.Production);
        var e = Assert.Throws<TrackingException>(() => folder.Registry.PlanPrevious(ModelStage.Production, Stop));
        Assert.Contains("before version 1", e.Message, StringComparison.Ordinal);
        folder.Move(3, ModelStage.Production);

        Back();
        Assert.Equal("1:Production@champion 2:None 3:Archived", folder.Stages());
        Back();
        Assert.Equal("1:Archived 2:None 3:Production@champion", folder.Stages());

        // None is there now: the last that was.
        folder.Move(3, ModelStage.Archived);
        Back();
        Assert.Equal("1:Archived 2:None 3:Production@champion", folder.Stages());

        void Back() => folder.Registry.Apply(folder.Registry.PlanPrevious(ModelStage.Production, Stop), "", Stop);
    }

    [Fact]
    public void Knows_what_was_in_production_at_a_time()
    {
        Publish(2);
        folder.Move(1, ModelStage.Production, "first");
        var since = folder.Registry.Get("1", Stop).Since;
        folder.Move(2, ModelStage.Production, "second");
        var later = folder.Registry.Get("2", Stop).Since;

        var then = folder.Registry.At(ModelStage.Production, since, Stop);
        Assert.Equal((1, ModelStage.Production, since, "first"), (then.Version, then.Stage, then.Since, then.Reason));
        Assert.Equal(ModelStage.Archived, folder.Registry.Get("1", Stop).Stage);
        Assert.Equal(2, folder.Registry.At(ModelStage.Production, later, Stop).Version);
        var e = Assert.Throws<TrackingException>(() => folder.Registry.At(ModelStage.Production, since.AddDays(-1), Stop));
        Assert.Contains("version 1", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Shows_a_change_of_other_software_without_a_user()
    {
        Publish(1);
        RawDatabase.Rows(
            folder.Store.Path, "UPDATE model_versions SET current_stage = 'Production', last_updated_time = 1700000000000", write: true);
        var version = Assert.Single(folder.Registry.InStage(ModelStage.Production, Stop));
        Assert.Null(version.By);
        Assert.Null(version.Reason);
        Assert.Equal(1_700_000_000_000, new DateTimeOffset(version.Since).ToUnixTimeMilliseconds());
    }

    [Fact]
    public void Has_the_scores_of_the_run_and_the_file()
    {
        var version = folder.Publish(folder.WriteModel("night.safetensors", 1, 0.91));
        Assert.Equal((0.91, 0.455), (version.Dice!.Value, version.IoU!.Value));
        Assert.Equal((DatasetSplit.Test, "Excellent"), (version.Split!.Value, version.Quality));
        Assert.Equal(("night", $"models:/{RegistryFolder.Name}/1"), (version.RunName, version.Model));
        Assert.Equal(folder["mlruns", "1", version.RunId!, "artifacts", "model", "model.safetensors"], version.ModelPath);
        File.Delete(version.ModelPath!);
        Assert.EndsWith("model.pth", folder.Registry.Get("1", Stop).ModelPath, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("4", "version 4")]
    [InlineData("Staging", "stage Staging")]
    [InlineData("@night", "alias 'night'")]
    [InlineData("models:/other/1", "-ModelName other")]
    [InlineData("./runs/first", "does not name a model")]
    public void Says_what_a_name_does_not_lead_to(string name, string said)
    {
        Publish(1);
        var e = Assert.Throws<TrackingException>(() => folder.Registry.Get(name, Stop));
        Assert.Contains(said, e.Message, StringComparison.Ordinal);
    }

    private void Publish(int count)
    {
        for (int i = 1; i <= count; i++) folder.Publish(folder.WriteModel($"m{i}.safetensors", i, 0.9 + i / 100.0));
    }
}
