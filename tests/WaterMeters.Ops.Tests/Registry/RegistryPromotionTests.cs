using WaterMeters.Ml.Models;
using WaterMeters.Ops.Registry;
using WaterMeters.Ops.Tracking;
using WaterMeters.Ops.Tracking.Runs;

namespace WaterMeters.Ops.Tests.Registry;

/// <summary>What a training that passed the gate changes, and what stands when a part of it fails.</summary>
public sealed class RegistryPromotionTests : IDisposable
{
    private readonly RegistryFolder folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private RegistryPromotion Promotion => new(folder.Store, RegistryFolder.Name, "trials");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Puts_the_run_into_production_with_its_decision_and_then_into_the_folder()
    {
        folder.Publish(folder.WriteModel("a.safetensors", 1), ModelStage.Production);
        var (trained, decision) = Train("b.safetensors", 2);
        Assert.True(Promotion.Has(trained, Stop));
        Promotion.Record(trained, decision, Stop);
        Assert.Equal("Superior", folder.Store.GetRun(trained.RunId!, Stop).Tags["watermeters.gate.verdict"]);

        var made = Promotion.Register(trained, decision, beaten: 1, Stop);
        Assert.Equal((2, ModelStage.Production, "better", trained.RunId), (made.Version, made.Stage, made.Reason, made.RunId));
        Assert.Equal("1:Archived 2:Production@champion", folder.Stages());
        var tags = folder.Store.GetVersion(RegistryFolder.Name, 2, Stop).Tags;
        Assert.Equal(
            ("Superior", "true", "0.02", "0.01", "0.03", "0.001", "7"),
            (Gate("verdict"), Gate("passed"), Gate("dice_difference"), Gate("dice_lower"), Gate("dice_upper"), Gate("p_value"),
                Gate("decisions")));

        var copied = Promotion.Copy(made, folder.Models, Stop);
        Assert.Equal((ModelSyncOutcome.Updated, decision.CandidateDigest), (copied.Outcome, ModelFile.Digest(copied.ModelPath)));
        Assert.Equal(ModelSyncOutcome.Current, Promotion.Copy(made, folder.Models, Stop).Outcome);

        string Gate(string key) => tags[GateTags.Prefix + key];
    }

    [Theory]
    [InlineData(null, "version 1 came into production")]
    [InlineData(2, "version 1 came into production")]
    public void Refuses_a_model_that_was_compared_with_another_one(int? beaten, string expected)
    {
        folder.Publish(folder.WriteModel("a.safetensors", 1), ModelStage.Production);
        var (trained, decision) = Train("b.safetensors", 2);
        var error = Assert.Throws<TrackingException>(() => Promotion.Register(trained, decision, beaten, Stop));
        Assert.Equal(TrackingFault.Refused, error.Fault);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Equal("1:Production@champion", folder.Stages());

        folder.Move(1, ModelStage.Archived);
        error = Assert.Throws<TrackingException>(() => Promotion.Register(trained, decision, beaten: 1, Stop));
        Assert.Contains("no longer in production", error.Message, StringComparison.Ordinal);
        Assert.Equal("1:Archived", folder.Stages());
    }

    [Fact]
    public void Refuses_a_run_that_has_another_model_than_the_compared_one()
    {
        var (trained, decision) = Train("b.safetensors", 2);
        var other = decision with { CandidateDigest = new string('0', 64) };
        Assert.Throws<TrackingException>(() => Promotion.Register(trained, other, null, Stop));
        Assert.Equal("", folder.Stages());
    }

    [Fact]
    public void Registers_no_model_of_a_run_without_a_digest_that_is_not_the_compared_one()
    {
        var (trained, decision) = Train("b.safetensors", 2);
        folder.Store.Log(trained.RunId!, new RunBatch { Tags = new Dictionary<string, string> { [RunTags.ModelDigest] = "" } }, Stop);
        var other = decision with { CandidateDigest = new string('0', 64) };
        var error = Assert.Throws<TrackingException>(() => Promotion.Register(trained, other, null, Stop));
        Assert.Equal(TrackingFault.WrongDigest, error.Fault);
        Assert.Equal("", folder.Stages());
        Promotion.Register(trained, decision, null, Stop);
        Assert.Equal("1:Production@champion", folder.Stages());
    }

    [Fact]
    public void Replaces_no_version_that_came_just_before_the_change()
    {
        foreach (int seed in new[] { 1, 2 }) folder.Publish(folder.WriteModel("a.safetensors", seed));
        var planned = folder.Registry.Plan("2", ModelStage.Production, Stop);
        folder.Move(1, ModelStage.Production);
        var error = Assert.Throws<TrackingException>(() => folder.Registry.Apply(planned, "", Stop, mayReplace: []));
        Assert.Equal(TrackingFault.Refused, error.Fault);
        Assert.Contains("version 2, but not put into Production: version 1 came there", error.Message, StringComparison.Ordinal);
        Assert.Equal("1:Production@champion 2:None", folder.Stages());
        folder.Registry.Apply(planned, "", Stop, mayReplace: [1]);
        Assert.Equal("1:Archived 2:Production@champion", folder.Stages());
    }

    [Fact]
    public void Has_no_run_that_was_not_recorded_or_is_in_another_store()
    {
        var (trained, _) = Train("b.safetensors", 2);
        Assert.False(Promotion.Has(trained with { RunId = null }, Stop));
        Assert.False(Promotion.Has(trained with { TrackingUri = "https://mlflow.example.com" }, Stop));
        Assert.False(Promotion.Has(trained with { RunId = new string('0', 32) }, Stop));
    }

    [Fact]
    public void Says_what_is_in_production_when_the_folder_cannot_be_written()
    {
        var (trained, decision) = Train("b.safetensors", 2);
        var made = Promotion.Register(trained, decision, null, Stop);
        File.WriteAllText(folder.Models, "a file where the folder is to be");
        var error = Assert.Throws<ModelException>(() => Promotion.Copy(made, folder.Models, Stop));
        Assert.Contains("Version 1 of", error.Message, StringComparison.Ordinal);
        Assert.Contains("Sync-WmsModel", error.Message, StringComparison.Ordinal);
        Assert.Equal("1:Production@champion", folder.Stages());
    }

    /// <summary>A recorded training and a decision that it passed.</summary>
    private (TrainingResult, ModelComparison) Train(string name, int seed)
    {
        string file = folder.WriteModel(name, seed);
        var run = folder.Publish(new PublishRequest { ModelName = "trained", Experiment = "trials", FilePath = file });
        var trained = new TrainingResult
        {
            DataPath = "data", OutputPath = folder["files"], ModelPath = file, MetricsPath = folder["metrics.json"],
            CheckpointPath = folder["checkpoint"],
            RunId = run.RunId, RunName = run.RunName, TrackingUri = folder.Store.Address,
        };
        var decision = new ModelComparison
        {
            Verdict = ComparisonVerdict.Superior, Passed = true, Reason = "better", Candidate = file, ModelPath = file, DataPath = "data",
            Split = DatasetSplit.Test, CandidateDigest = ModelFile.Digest(file), Decisions = 7,
            DiceDifference = 0.02, DiceLower = 0.01, DiceUpper = 0.03, PValue = 0.001,
        };
        return (trained, decision);
    }
}
