using WaterMeters.Ml.Evaluation.Gate;
using WaterMeters.Ml.Evaluation.Ledger;
using WaterMeters.Ml.Evaluation.Promotions;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Tests.Datasets;
using WaterMeters.Ml.Tests.Models;

namespace WaterMeters.Ml.Tests.Evaluation.Promotions;

/// <summary>On masks that are mostly meter the network that says "meter" everywhere is the better one.</summary>
public sealed class ModelPromotionTests : IDisposable
{
    private readonly DatasetFolder set = new();
    private readonly List<string> warnings = [];
    private readonly PromotionRequest request;

    public ModelPromotionTests()
    {
        for (int i = 0; i < 8; i++) set.Pair($"p{i}", 1000);
        File.WriteAllText(set["split.json"], """{"fractions": {"train": 0, "validation": 0}}""");
        request = new PromotionRequest { Location = set["project"], Options = new GateOptions { MinimumPhotos = 2, Resamples = 1000, AllowUnknownProvenance = true } };
    }

    private string Production => set["project", "models", "production.safetensors"];

    public void Dispose() => set.Dispose();

    [Fact]
    public void Publishes_the_better_one_and_keeps_the_other()
    {
        string before = Save(Production, -1);
        var promotion = Judge(Save(set["new.safetensors"], 1), request);
        Assert.Equal((ComparisonVerdict.Superior, true, Production, before, 8), (promotion.Comparison.Verdict, promotion.Comparison.Passed, promotion.Target, promotion.Replaces, promotion.Comparison.Photos));
        Assert.True(File.Exists(promotion.Comparison.LedgerPath));
        string kept = ModelPromotion.Publish(promotion)!;
        Assert.Equal((Hash(set["new.safetensors"]), before), (Hash(Production), Hash(kept)));
    }

    [Fact]
    public void Publishes_none_that_did_not_pass_though_it_is_asked_to()
    {
        string before = Save(Production, 1);
        var promotion = Judge(Save(set["new.safetensors"], -1), request);
        Assert.Equal((ComparisonVerdict.Inferior, false), (promotion.Comparison.Verdict, promotion.Comparison.Passed));
        Assert.Contains("did not pass", Assert.Throws<ModelException>(() => ModelPromotion.Publish(promotion)).Message, StringComparison.Ordinal);
        Assert.Equal(before, Hash(Production));
        Assert.Single(Directory.GetFiles(set["project", "models"]));
    }

    [Fact]
    public void Lets_a_first_one_in_only_by_a_lowest_Dice()
    {
        Directory.CreateDirectory(set["project"]);
        string candidate = Save(set["new.safetensors"], 1);
        Assert.Null(ModelPromotion.Baseline(request));
        Assert.Equal((ComparisonVerdict.NoBaseline, false), Of(Judge(candidate, request)));
        Assert.Equal((ComparisonVerdict.NoBaseline, false), Of(Judge(candidate, request with { Options = request.Options with { MinimumDice = 0.99 } })));
        var good = Judge(candidate, request with { Options = request.Options with { MinimumDice = 0.5 } });
        Assert.Equal((ComparisonVerdict.NoBaseline, true), Of(good));
        Assert.Null(ModelPromotion.Publish(good));
        Assert.Equal(candidate, Hash(Production));

        static (ComparisonVerdict Verdict, bool Passed) Of(Promotion promotion) => (promotion.Comparison.Verdict, promotion.Comparison.Passed);
    }

    [Fact]
    public void Never_takes_a_baseline_that_cannot_be_read_for_none()
    {
        var lenient = request with { Options = request.Options with { MinimumDice = 0 } };
        Directory.CreateDirectory(set["project", "models"]);
        File.WriteAllText(Production, "no model");
        string candidate = Save(set["new.safetensors"], 1);
        foreach (var asked in new[] { lenient, lenient with { BaselinePath = set["nowhere.safetensors"] } })
        {
            Assert.Throws<ModelException>(() => ModelPromotion.DemandDecidable(asked));
            Assert.Throws<ModelException>(() => Judge(candidate, asked));
        }

        Assert.Equal("no model", File.ReadAllText(Production));
        Assert.False(Directory.Exists(FileDecisionLedger.Folder(set.Path)), "nothing was decided");
    }

    [Fact]
    public void Compares_with_no_other_model_than_the_one_in_production_where_there_is_one()
    {
        Save(set["weak.safetensors"], -1);
        string candidate = Save(set["new.safetensors"], 0.5f);
        var named = request with { BaselinePath = set["weak.safetensors"] };
        Directory.CreateDirectory(set["project"]);
        var promotion = Judge(candidate, named);
        Assert.Equal((set["weak.safetensors"], true), (promotion.Comparison.Baseline, promotion.Comparison.Passed));

        string before = Save(Production, 1);
        Assert.Contains("not the model in production", Assert.Throws<ModelException>(() => ModelPromotion.DemandDecidable(named)).Message, StringComparison.Ordinal);
        Assert.Throws<ModelException>(() => Judge(candidate, named));
        Assert.Equal(before, Hash(Production));
        File.Copy(Production, set["weak.safetensors"], overwrite: true);
        ModelPromotion.DemandDecidable(named);
    }

    private static string Hash(string path) => FileHash.Compute(path);

    private static string Save(string path, float logit)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        ModelFile.Save(TestModels.Constant(logit, path: path), path);
        return Hash(path);
    }

    private Promotion Judge(string candidate, PromotionRequest asked)
    {
        Assert.Equal(candidate, Hash(set["new.safetensors"]));
        var trained = new TrainingResult { ModelPath = set["new.safetensors"], DataPath = set.Path, SplitPath = set["split.json"], OutputPath = "", CheckpointPath = "", MetricsPath = "" };
        return ModelPromotion.Judge(asked, trained, warnings.Add, null, TestContext.Current.CancellationToken);
    }
}
