using WaterMeters.Ml.Evaluation.Gate;
using WaterMeters.Ml.Evaluation.Ledger;
using WaterMeters.Ml.Evaluation.Promotions;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Tests.Datasets;
using WaterMeters.Ml.Tests.Models;

namespace WaterMeters.Ml.Tests.Evaluation.Promotions;

/// <summary>The masks are mostly foreground, so the network that predicts foreground everywhere is the better one.</summary>
public sealed class ModelPromotionTests : IDisposable
{
    private readonly DatasetFolder set = new();
    private readonly List<string> warnings = [];
    private readonly PromotionRequest request;

    public ModelPromotionTests()
    {
        for (int i = 0; i < 8; i++) set.Pair($"p{i}", 1000);
        File.WriteAllText(set["split.json"], """{"fractions": {"train": 0, "validation": 0}}""");
        var options = new GateOptions { MinimumPhotos = 2, Resamples = 1000, AllowUnknownProvenance = true };
        request = new PromotionRequest { Location = set["project"], Options = options };
    }

    private string Production => set["project", "models", "production.safetensors"];

    public void Dispose() => set.Dispose();

    [Fact]
    public void Publishes_the_better_model_and_keeps_the_replaced_one()
    {
        string before = Save(Production, -1);
        var promotion = Decide(Save(set["new.safetensors"], 1), request);
        var comparison = promotion.Comparison;
        Assert.Equal((ComparisonVerdict.Superior, true, 8), (comparison.Verdict, comparison.Passed, comparison.Photos));
        Assert.Equal((Production, before), (promotion.Target, promotion.Replaces));
        Assert.True(File.Exists(comparison.LedgerPath));
        string kept = ModelPromotion.Publish(promotion)!;
        Assert.Equal((Hash(set["new.safetensors"]), before), (Hash(Production), Hash(kept)));
    }

    [Fact]
    public void Publish_fails_for_a_model_that_did_not_pass()
    {
        string before = Save(Production, 1);
        var promotion = Decide(Save(set["new.safetensors"], -1), request);
        Assert.Equal((ComparisonVerdict.Inferior, false), (promotion.Comparison.Verdict, promotion.Comparison.Passed));
        var failure = Assert.Throws<ModelException>(() => ModelPromotion.Publish(promotion));
        Assert.Contains("did not pass", failure.Message, StringComparison.Ordinal);
        Assert.Equal(before, Hash(Production));
        Assert.Single(Directory.GetFiles(set["project", "models"]));
    }

    [Fact]
    public void A_first_model_passes_only_with_a_minimum_Dice()
    {
        Directory.CreateDirectory(set["project"]);
        string candidate = Save(set["new.safetensors"], 1);
        Assert.Null(ModelPromotion.Baseline(request));
        Assert.Equal((ComparisonVerdict.NoBaseline, false), Outcome(Decide(candidate, request)));
        var tooWeak = Decide(candidate, request with { Options = request.Options with { MinimumDice = 0.99 } });
        Assert.Equal((ComparisonVerdict.NoBaseline, false), Outcome(tooWeak));
        var good = Decide(candidate, request with { Options = request.Options with { MinimumDice = 0.5 } });
        Assert.Equal((ComparisonVerdict.NoBaseline, true), Outcome(good));
        Assert.Null(ModelPromotion.Publish(good));
        Assert.Equal(candidate, Hash(Production));

        static (ComparisonVerdict Verdict, bool Passed) Outcome(Promotion promotion) =>
            (promotion.Comparison.Verdict, promotion.Comparison.Passed);
    }

    [Fact]
    public void Fails_when_the_baseline_cannot_be_read()
    {
        var lenient = request with { Options = request.Options with { MinimumDice = 0 } };
        Directory.CreateDirectory(set["project", "models"]);
        File.WriteAllText(Production, "no model");
        string candidate = Save(set["new.safetensors"], 1);
        foreach (var attempt in new[] { lenient, lenient with { BaselinePath = set["nowhere.safetensors"] } })
        {
            Assert.Throws<ModelException>(() => ModelPromotion.CheckRequest(attempt));
            Assert.Throws<ModelException>(() => Decide(candidate, attempt));
        }

        Assert.Equal("no model", File.ReadAllText(Production));
        Assert.False(Directory.Exists(FileDecisionLedger.Folder(set.Path)), "nothing was decided");
    }

    [Fact]
    public void Compares_only_with_the_model_in_production_if_there_is_one()
    {
        Save(set["weak.safetensors"], -1);
        string candidate = Save(set["new.safetensors"], 0.5f);
        var named = request with { BaselinePath = set["weak.safetensors"] };
        Directory.CreateDirectory(set["project"]);
        var promotion = Decide(candidate, named);
        Assert.Equal((set["weak.safetensors"], true), (promotion.Comparison.Baseline, promotion.Comparison.Passed));

        string before = Save(Production, 1);
        var failure = Assert.Throws<ModelException>(() => ModelPromotion.CheckRequest(named));
        Assert.Contains("not the model in production", failure.Message, StringComparison.Ordinal);
        Assert.Throws<ModelException>(() => Decide(candidate, named));
        Assert.Equal(before, Hash(Production));
        File.Copy(Production, set["weak.safetensors"], overwrite: true);
        ModelPromotion.CheckRequest(named);
    }

    [Fact]
    public void Says_before_the_training_that_its_data_set_cannot_decide()
    {
        Directory.CreateDirectory(set["project"]);
        var first = request with { Options = request.Options with { MinimumDice = 0.5 } };
        Check(first, checkLedger: true);
        Assert.Empty(warnings);
        Assert.False(Directory.Exists(set["split"]));

        Check(request, checkLedger: true);
        Assert.Contains("no model to beat and no minimum Dice", Assert.Single(warnings), StringComparison.Ordinal);
        warnings.Clear();
        Check(first with { Options = first.Options with { MinimumPhotos = 9 } }, checkLedger: true);
        Assert.Contains("has 8 photos, and a verdict needs 9", Assert.Single(warnings), StringComparison.Ordinal);

        File.WriteAllText(set["split.json"], """{"fractions": {"train": 0.5, "validation": 0.5}}""");
        var empty = Assert.Throws<DatasetException>(() => Check(request, checkLedger: false));
        Assert.Contains("its Test part has no photo", empty.Message, StringComparison.Ordinal);

        File.WriteAllText(set["split.json"], """{"fractions": {"train": 0, "validation": 0}}""");
        string[] all = [.. Directory.GetFiles(set["images"]).Select(Hash)];
        Directory.CreateDirectory(set["project", "models"]);
        ModelFile.Save(TestModels.Constant(1, seen: new ModelProvenance(all, [], "", "")), Production);
        var seen = Assert.Throws<DatasetException>(() => Check(request, checkLedger: false));
        Assert.Contains("has seen all 8 photos", seen.Message, StringComparison.Ordinal);

        File.Delete(Production);
        Directory.CreateDirectory(set["split"]);
        File.WriteAllText(set["split", "decisions"], "a file where the folder is to be");
        var ledger = Assert.Throws<DatasetException>(() => Check(request, checkLedger: true));
        Assert.Contains("Cannot write the decision ledger", ledger.Message, StringComparison.Ordinal);
        Check(request, checkLedger: false);
    }

    private void Check(PromotionRequest promotion, bool checkLedger) => ModelPromotion.CheckData(
        promotion, set.Path, set["split.json"], checkLedger, warnings.Add, TestContext.Current.CancellationToken);

    private static string Hash(string path) => FileHash.Compute(path);

    private static string Save(string path, float logit)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        ModelFile.Save(TestModels.Constant(logit, path: path), path);
        return Hash(path);
    }

    private Promotion Decide(string candidate, PromotionRequest promotionRequest)
    {
        Assert.Equal(candidate, Hash(set["new.safetensors"]));
        var trained = new TrainingResult
        {
            ModelPath = set["new.safetensors"], DataPath = set.Path, SplitPath = set["split.json"],
            OutputPath = "", CheckpointPath = "", MetricsPath = "",
        };
        return ModelPromotion.Decide(promotionRequest, trained, warnings.Add, null, TestContext.Current.CancellationToken);
    }
}
