using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Evaluation;
using WaterMeters.Ml.Evaluation.Comparisons;
using WaterMeters.Ml.Evaluation.Gate;
using WaterMeters.Ml.Evaluation.Ledger;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Inference.Torch;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Tests.Datasets;
using WaterMeters.Ml.Tests.Models;
using WaterMeters.Ml.Tests.Reporting.Markup;

namespace WaterMeters.Ml.Tests.Evaluation.Comparisons;

/// <summary>On masks that are mostly meter the network that says "meter" everywhere is the better one.</summary>
public sealed class ModelComparerTests : IDisposable
{
    private static readonly GateOptions Few = new() { MinimumPhotos = 2, Resamples = 1000, AllowUnknownProvenance = true };

    private readonly DatasetFolder set = new();
    private readonly DatasetContents data;
    private readonly TorchEngine all, none;

    public ModelComparerTests()
    {
        for (int i = 0; i < 8; i++) set.Pair($"p{i}", 1000);
        File.WriteAllText(set["split.json"], """{"fractions": {"train": 0, "validation": 0}, "photos": {"p7": "train"}}""");
        data = DatasetContents.Read(set.Path, set["split.json"], CancellationToken.None);
        all = Engine(TestModels.Constant(1), "all");
        none = Engine(TestModels.Constant(-1), "none");
    }

    public void Dispose()
    {
        all.Dispose();
        none.Dispose();
        set.Dispose();
    }

    [Fact]
    public void Calls_the_better_one_superior_and_the_worse_and_the_equal_one_not()
    {
        var better = Compare(all, none);
        Assert.Equal((ComparisonVerdict.Superior, true, 7, 0), (better.Verdict, better.Passed, better.Photos, better.ExcludedPhotos));
        Assert.Equal(better.CandidateDice - better.BaselineDice!.Value, better.DiceDifference!.Value, 1e-12);
        Assert.InRange(better.CandidateIoU, 0.8, 0.86);
        Assert.InRange(better.BaselineDice.Value, 0, 1e-6);
        Assert.Equal(Math.Sqrt(2) * 32, better.BaselineHausdorff!.Value, 1e-9);
        Assert.Equal((set["all.safetensors"], set["none.safetensors"], set["all.safetensors"], false), (better.Candidate, better.Baseline, better.ModelPath, better.ProvenanceKnown));
        Assert.Equal("BaselineFindsNothing, UnknownProvenance, UnknownBaselineProvenance", better.Flags);
        Assert.Equal((0, 7, 0, 1 / 128.0), (better.CandidateMissedWindows, better.BaselineMissedWindows, better.BothMissedWindows, better.PValue!.Value));

        foreach (var (candidate, baseline, verdict) in new[] { (none, all, ComparisonVerdict.Inferior), (all, all, ComparisonVerdict.NonInferior), (none, none, ComparisonVerdict.NonInferior) })
        {
            var other = Compare(candidate, baseline);
            Assert.Equal((verdict, false), (other.Verdict, other.Passed));
        }
    }

    [Theory]
    [InlineData(GatePolicy.NonInferior)]
    [InlineData(GatePolicy.Strict)]
    [InlineData(GatePolicy.Superior)]
    public void A_model_that_predicts_nothing_never_passes_not_even_over_another_of_its_kind_or_over_none(GatePolicy policy)
    {
        foreach (var baseline in new[] { none, null })
        {
            var comparison = Compare(none, baseline, Few with { Policy = policy, MinimumDice = 0 });
            Assert.False(comparison.Passed);
            Assert.Contains(nameof(GateFlag.CandidateFindsNothing), comparison.Flags, StringComparison.Ordinal);
            Assert.Contains("predicts nothing", comparison.Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Counts_a_photo_once_however_many_names_its_file_has()
    {
        var before = Compare(all, none);
        foreach (var pair in data.Part(DatasetSplit.Test).Select(p => p.Pair))
        {
            foreach (string file in new[] { pair.ImagePath, pair.MaskPath })
            {
                File.Copy(file, Path.Combine(Path.GetDirectoryName(file)!, "copy-" + Path.GetFileName(file)));
            }
        }

        var copied = DatasetContents.Read(set.Path, set["split.json"], TestContext.Current.CancellationToken);
        Assert.Equal(14, copied.Part(DatasetSplit.Test).Count);
        var after = ModelComparer.Compare(Request(all, none) with { Data = copied }, null, TestContext.Current.CancellationToken).Comparison;
        Assert.Equal((before.Photos, before.ExcludedPhotos, before.PValue, before.DiceLower), (after.Photos, after.ExcludedPhotos, after.PValue, after.DiceLower));
        Assert.Equal((before.TestDigest, 1), (after.TestDigest, after.Decisions));
    }

    [Fact]
    public void Without_a_baseline_only_what_was_named_passes_and_what_would_be_its_is_empty()
    {
        var alone = Compare(all, null);
        Assert.Equal((ComparisonVerdict.NoBaseline, false, null, null, null), (alone.Verdict, alone.Passed, alone.Baseline, alone.BaselineDice, alone.DiceLower));
        Assert.True(Compare(all, null, Few with { MinimumDice = 0.8 }).Passed);
        Assert.False(Compare(all, null, Few with { MinimumDice = 0.99 }).Passed);
    }

    [Fact]
    public void Pairs_the_scores_of_each_photo_and_enters_what_was_decided()
    {
        var result = ModelComparer.Compare(Request(all, none), null, TestContext.Current.CancellationToken);
        Assert.Equal(["p0", "p1", "p2", "p3", "p4", "p5", "p6"], result.Photos.Select(p => p.Name));
        Assert.All(result.Photos, p => Assert.Equal((false, true, all.Model.Path, none.Model.Path, 1.0, 0.0), (p.CandidateMissed, p.BaselineMissed, p.Candidate, p.Baseline!, p.CandidateCoverage, p.BaselineCoverage!.Value)));
        Assert.Equal(result.Comparison.DiceDifference!.Value, result.Photos.Average(p => p.DiceDifference!.Value), 1e-12);
        Assert.Equal(result.Comparison.SmallWindowPhotos, result.Photos.Count(p => p.SmallWindow));

        Assert.Equal(1, result.Comparison.Decisions);
        Assert.Equal(FileHash.Combine(data.Part(DatasetSplit.Test).Select(p => p.Hash)), result.Comparison.TestDigest);
        Assert.Equal(FileHash.Compute(all.Model.Path), result.Comparison.CandidateDigest);
        Assert.StartsWith(Path.Combine(set.Path, "split", "decisions", result.Comparison.TestDigest![..16]), result.Comparison.LedgerPath, StringComparison.Ordinal);
        Assert.True(File.Exists(result.Comparison.LedgerPath));

        // The same question again teaches nothing; another seed is another question.
        Assert.Equal(1, Compare(all, none).Decisions);
        Assert.Equal(2, Compare(all, none, Few with { Seed = 2 }).Decisions);
        Assert.Equal(3, Compare(none, all).Decisions);
    }

    [Fact]
    public void What_is_not_entered_does_not_pass_unless_it_was_asked_so()
    {
        var left = ModelComparer.Compare(Request(all, none) with { LedgerMode = LedgerMode.Skip }, null, TestContext.Current.CancellationToken).Comparison;
        Assert.True(left.Passed);
        Assert.Contains(nameof(GateFlag.NotInLedger), left.Flags, StringComparison.Ordinal);
        var foretold = ModelComparer.Compare(Request(all, none) with { LedgerMode = LedgerMode.Preview }, null, TestContext.Current.CancellationToken).Comparison;
        Assert.False(foretold.Passed);
        Assert.Contains("would pass", foretold.LedgerNote, StringComparison.Ordinal);
        Assert.False(Directory.Exists(set["split"]));

        File.WriteAllText(set["split"], "a file where the folder is to be");
        var stopped = Compare(all, none);
        Assert.Equal((ComparisonVerdict.Superior, false, 0, null), (stopped.Verdict, stopped.Passed, stopped.Decisions, stopped.LedgerPath));
        Assert.Contains(nameof(GateFlag.LedgerUnreachable), stopped.Flags, StringComparison.Ordinal);
        Assert.Contains("-NoLedger", stopped.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Leaves_out_and_counts_what_either_has_seen()
    {
        string Hash(string name) => data.Pairs.Single(p => p.Pair.Name == name).Hash;
        using var candidate = Engine(TestModels.Constant(1, seen: new ModelProvenance([Hash("p0"), Hash("p7")], [Hash("p1").ToUpperInvariant()], "", "")), "candidate");
        using var baseline = Engine(TestModels.Constant(-1, seen: new ModelProvenance([Hash("p1")], [Hash("p2")], "", "")), "baseline");
        var comparison = Compare(candidate, baseline);
        Assert.Equal((4, 3, true), (comparison.Photos, comparison.ExcludedPhotos, comparison.ProvenanceKnown));

        using var everything = Engine(TestModels.Constant(1, seen: new ModelProvenance([.. data.Pairs.Select(p => p.Hash)], [], "", "")), "everything");
        Assert.Contains("All 7 photos", Assert.Throws<DatasetException>(() => Compare(everything, none)).Message, StringComparison.Ordinal);
        Assert.Throws<DatasetException>(() => Compare(none, everything));
        Assert.Contains("no photo", Assert.Throws<DatasetException>(() => Compare(all, none, split: DatasetSplit.Validation)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Never_passes_a_model_that_gives_no_numbers_on_either_side_or_whose_file_is_gone()
    {
        using var broken = Engine(TestModels.NotFinite(), "broken");
        Assert.Throws<PhotoException>(() => Compare(broken, none));
        Assert.Throws<PhotoException>(() => Compare(all, broken));
        File.Delete(set["none.safetensors"]);
        Assert.Equal(set["none.safetensors"], Assert.Throws<ModelException>(() => Compare(all, none)).Model);
        Assert.False(Directory.Exists(set["split"]));
    }

    [Fact]
    public void Takes_no_difference_of_distances_in_pixels_of_two_sizes()
    {
        Assert.NotNull(Compare(all, none).HausdorffDifference);
        using var larger = Engine(TestModels.Constant(-1, size: 48), "larger");
        var compared = Compare(all, larger);
        Assert.Null(compared.HausdorffDifference);
        Assert.NotNull(compared.BaselineHausdorff);
    }

    [Fact]
    public void Is_an_error_when_a_photo_cannot_be_read_or_has_a_mask_of_another_size()
    {
        File.WriteAllText(set["images", "p3.png"], "no image");
        Assert.Equal(set["images", "p3.png"], Assert.Throws<PhotoException>(() => Compare(all, none)).Path);
        set.Photo("p3.png", 41, 30);
        Assert.Equal(set["masks", "p3.png"], Assert.Throws<PhotoException>(() => Compare(all, none)).Path);
        Assert.ThrowsAny<OperationCanceledException>(() => ModelComparer.Compare(Request(all, none), null, new CancellationToken(true)));
    }

    [Fact]
    public void Evaluator_goes_on_after_a_bad_photo_when_somebody_hears_of_it()
    {
        File.WriteAllText(set["images", "p3.png"], "no image");
        var failures = new List<PhotoException>();
        var scores = new ModelEvaluator(all).Measure(data.Part(DatasetSplit.Test), failures.Add, TestContext.Current.CancellationToken).ToList();
        Assert.Equal(["p0", "p1", "p2", "p4", "p5", "p6"], scores.Select(s => s.Pair.Pair.Name));
        Assert.Equal(set["images", "p3.png"], Assert.Single(failures).Path);
        Assert.All(scores, s => Assert.Equal(1, s.Coverage));
    }

    /// <summary>A comparison names models by their files, so there must be one.</summary>
    private TorchEngine Engine(SegmentationModel model, string name)
    {
        ModelFile.Save(model, set[name + ".safetensors"]);
        return new TorchEngine(ModelFile.Load(set[name + ".safetensors"]), Precision.Float32, ComputeDevice.Cpu);
    }

    private ComparisonRequest Request(TorchEngine candidate, TorchEngine? baseline) => new() { Candidate = candidate, Baseline = baseline, Data = data, Options = Few };

    private ModelComparison Compare(TorchEngine candidate, TorchEngine? baseline, GateOptions? options = null, DatasetSplit split = DatasetSplit.Test) =>
        ModelComparer.Compare(Request(candidate, baseline) with { Split = split, Options = options ?? Few }, null, TestContext.Current.CancellationToken).Comparison;
}
