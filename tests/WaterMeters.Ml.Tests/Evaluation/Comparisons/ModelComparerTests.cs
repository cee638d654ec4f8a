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

namespace WaterMeters.Ml.Tests.Evaluation.Comparisons;

/// <summary>The masks are mostly foreground, so the network that predicts foreground everywhere is the better one.</summary>
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
    public void Only_the_better_model_is_superior_and_passes()
    {
        var better = Compare(all, none);
        Assert.Equal((ComparisonVerdict.Superior, true, 7, 0), (better.Verdict, better.Passed, better.Photos, better.ExcludedPhotos));
        Assert.Equal(better.CandidateDice - better.BaselineDice!.Value, better.DiceDifference!.Value, 1e-12);
        Assert.InRange(better.CandidateIoU, 0.8, 0.86);
        Assert.InRange(better.BaselineDice.Value, 0, 1e-6);
        Assert.Equal(Math.Sqrt(2) * 32, better.BaselineHausdorff!.Value, 1e-9);
        Assert.Equal(
            (set["all.safetensors"], set["none.safetensors"], set["all.safetensors"], false),
            (better.Candidate, better.Baseline, better.ModelPath, better.ProvenanceKnown));
        Assert.Equal("BaselineFindsNothing, UnknownProvenance, UnknownBaselineProvenance", better.Flags);
        Assert.Equal(
            (0, 7, 0, 1 / 128.0),
            (better.CandidateMissedWindows, better.BaselineMissedWindows, better.BothMissedWindows, better.PValue!.Value));

        (TorchEngine Candidate, TorchEngine Baseline, ComparisonVerdict Verdict)[] others =
        [
            (none, all, ComparisonVerdict.Inferior), (all, all, ComparisonVerdict.NonInferior), (none, none, ComparisonVerdict.NonInferior),
        ];
        foreach (var (candidate, baseline, verdict) in others)
        {
            var other = Compare(candidate, baseline);
            Assert.Equal((verdict, false), (other.Verdict, other.Passed));
        }
    }

    [Theory]
    [InlineData(GatePolicy.NonInferior)]
    [InlineData(GatePolicy.Strict)]
    [InlineData(GatePolicy.Superior)]
    public void A_model_that_predicts_nothing_never_passes(GatePolicy policy)
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
    public void Counts_identical_photos_once()
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
        var after = Compare(Request(all, none) with { Data = copied });
        Assert.Equal(
            (before.Photos, before.ExcludedPhotos, before.PValue, before.DiceLower),
            (after.Photos, after.ExcludedPhotos, after.PValue, after.DiceLower));
        Assert.Equal((before.TestDigest, 1), (after.TestDigest, after.Decisions));
    }

    [Fact]
    public void Without_a_baseline_passes_only_with_a_minimum_Dice_and_leaves_its_values_empty()
    {
        var alone = Compare(all, null);
        Assert.Equal((ComparisonVerdict.NoBaseline, false), (alone.Verdict, alone.Passed));
        Assert.Equal((null, null, null), (alone.Baseline, alone.BaselineDice, alone.DiceLower));
        Assert.True(Compare(all, null, Few with { MinimumDice = 0.8 }).Passed);
        Assert.False(Compare(all, null, Few with { MinimumDice = 0.99 }).Passed);
    }

    [Fact]
    public void Returns_the_scores_per_photo_and_records_the_decision()
    {
        var result = ModelComparer.Compare(Request(all, none), null, TestContext.Current.CancellationToken);
        Assert.Equal(["p0", "p1", "p2", "p3", "p4", "p5", "p6"], result.Photos.Select(p => p.Name));
        Assert.All(result.Photos, p => Assert.Equal(
            (false, true, all.Model.Path, none.Model.Path, 1.0, 0.0),
            (p.CandidateMissed, p.BaselineMissed, p.Candidate, p.Baseline!, p.CandidateCoverage, p.BaselineCoverage!.Value)));
        Assert.Equal(result.Comparison.DiceDifference!.Value, result.Photos.Average(p => p.DiceDifference!.Value), 1e-12);
        Assert.Equal(result.Comparison.SmallWindowPhotos, result.Photos.Count(p => p.SmallWindow));

        Assert.Equal(1, result.Comparison.Decisions);
        Assert.Equal(FileHash.Combine(data.Part(DatasetSplit.Test).Select(p => p.Hash)), result.Comparison.TestDigest);
        Assert.Equal(FileHash.Compute(all.Model.Path), result.Comparison.CandidateDigest);
        string folder = Path.Combine(set.Path, "split", "decisions", result.Comparison.TestDigest![..16]);
        Assert.StartsWith(folder, result.Comparison.LedgerPath, StringComparison.Ordinal);
        Assert.True(File.Exists(result.Comparison.LedgerPath));

        // A repeated question is not counted again; another seed is another question.
        Assert.Equal(1, Compare(all, none).Decisions);
        Assert.Equal(2, Compare(all, none, Few with { Seed = 2 }).Decisions);
        Assert.Equal(3, Compare(none, all).Decisions);
    }

    [Fact]
    public void A_decision_that_is_not_recorded_passes_only_with_NoLedger()
    {
        var skipped = Compare(Request(all, none) with { LedgerMode = LedgerMode.Skip });
        Assert.True(skipped.Passed);
        Assert.Contains(nameof(GateFlag.NotInLedger), skipped.Flags, StringComparison.Ordinal);
        var preview = Compare(Request(all, none) with { LedgerMode = LedgerMode.Preview });
        Assert.False(preview.Passed);
        Assert.Contains("would pass", preview.LedgerNote, StringComparison.Ordinal);
        Assert.False(Directory.Exists(set["split"]));

        File.WriteAllText(set["split"], "a file instead of the folder");
        var stopped = Compare(all, none);
        Assert.Equal(
            (ComparisonVerdict.Superior, false, (int?)null, null),
            (stopped.Verdict, stopped.Passed, stopped.Decisions, stopped.LedgerPath));
        Assert.Contains(nameof(GateFlag.LedgerUnreachable), stopped.Flags, StringComparison.Ordinal);
        Assert.Contains("-NoLedger", stopped.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Excludes_and_counts_photos_that_either_model_has_seen()
    {
        string Hash(string name) => data.Pairs.Single(p => p.Pair.Name == name).Hash;
        var candidateSeen = new ModelProvenance([Hash("p0"), Hash("p7")], [Hash("p1").ToUpperInvariant()], "", "");
        var baselineSeen = new ModelProvenance([Hash("p1")], [Hash("p2")], "", "");
        using var candidate = Engine(TestModels.Constant(1, seen: candidateSeen), "candidate");
        using var baseline = Engine(TestModels.Constant(-1, seen: baselineSeen), "baseline");
        var comparison = Compare(candidate, baseline);
        Assert.Equal((4, 3, true), (comparison.Photos, comparison.ExcludedPhotos, comparison.ProvenanceKnown));

        var allSeen = new ModelProvenance([.. data.Pairs.Select(p => p.Hash)], [], "", "");
        using var everything = Engine(TestModels.Constant(1, seen: allSeen), "everything");
        Assert.Contains("all 7 photos", Assert.Throws<DatasetException>(() => Compare(everything, none)).Message, StringComparison.Ordinal);
        Assert.Throws<DatasetException>(() => Compare(none, everything));
        var empty = Assert.Throws<DatasetException>(() => Compare(Request(all, none) with { Split = DatasetSplit.Validation }));
        Assert.Contains("no photo", empty.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fails_when_output_is_not_finite()
    {
        using var broken = Engine(TestModels.NotFinite(), "broken");
        Assert.Throws<PhotoException>(() => Compare(broken, none));
        Assert.Throws<PhotoException>(() => Compare(all, broken));
        Assert.False(Directory.Exists(set["split"]));
    }

    [Fact]
    public void Records_the_models_that_were_read_whatever_has_their_names_now()
    {
        string read = ModelFile.Digest(set["none.safetensors"]);
        File.Copy(set["all.safetensors"], set["none.safetensors"], overwrite: true);
        Assert.Equal(read, Compare(all, none).BaselineDigest);
        File.Delete(set["none.safetensors"]);
        Assert.Equal(read, Compare(all, none).BaselineDigest);
    }

    [Fact]
    public void Leaves_the_Hausdorff_difference_empty_for_two_input_sizes()
    {
        Assert.NotNull(Compare(all, none).HausdorffDifference);
        using var larger = Engine(TestModels.Constant(-1, size: 48), "larger");
        var compared = Compare(all, larger);
        Assert.Null(compared.HausdorffDifference);
        Assert.NotNull(compared.BaselineHausdorff);
    }

    [Fact]
    public void Fails_when_a_photo_is_unreadable_or_its_mask_has_another_size()
    {
        File.WriteAllText(set["images", "p3.png"], "no image");
        Assert.Equal(set["images", "p3.png"], Assert.Throws<PhotoException>(() => Compare(all, none)).Path);
        set.Photo("p3.png", 41, 30);
        Assert.Equal(set["masks", "p3.png"], Assert.Throws<PhotoException>(() => Compare(all, none)).Path);
        Assert.ThrowsAny<OperationCanceledException>(() => ModelComparer.Compare(Request(all, none), null, new CancellationToken(true)));
    }

    [Fact]
    public void Evaluator_continues_after_an_unreadable_photo_when_failures_have_a_callback()
    {
        File.WriteAllText(set["images", "p3.png"], "no image");
        var failures = new List<PhotoException>();
        var test = data.Part(DatasetSplit.Test);
        var scores = new ModelEvaluator(all).Measure(test, failures.Add, TestContext.Current.CancellationToken).ToList();
        Assert.Equal(["p0", "p1", "p2", "p4", "p5", "p6"], scores.Select(s => s.Pair.Pair.Name));
        Assert.Equal(set["images", "p3.png"], Assert.Single(failures).Path);
        Assert.All(scores, s => Assert.Equal(1, s.Coverage));
    }

    /// <summary>Saves the model first, because a comparison reads the digest of its file.</summary>
    private TorchEngine Engine(SegmentationModel model, string name)
    {
        ModelFile.Save(model, set[name + ".safetensors"]);
        return new TorchEngine(ModelFile.Load(set[name + ".safetensors"]), Precision.Float32, ComputeDevice.Cpu);
    }

    private ComparisonRequest Request(TorchEngine candidate, TorchEngine? baseline) =>
        new() { Candidate = candidate, Baseline = baseline, Data = data, Options = Few };

    private ModelComparison Compare(TorchEngine candidate, TorchEngine? baseline, GateOptions? options = null) =>
        Compare(Request(candidate, baseline) with { Options = options ?? Few });

    private static ModelComparison Compare(ComparisonRequest request) =>
        ModelComparer.Compare(request, null, TestContext.Current.CancellationToken).Comparison;
}
