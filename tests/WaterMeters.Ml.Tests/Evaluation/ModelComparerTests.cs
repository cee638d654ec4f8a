using WaterMeters.Ml.Datasets;
using WaterMeters.Ml.Evaluation;
using WaterMeters.Ml.Inference.Torch;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Tests.Datasets;
using WaterMeters.Ml.Tests.Models;

namespace WaterMeters.Ml.Tests.Evaluation;

/// <summary>On masks that are mostly meter the network that says "meter" everywhere is the better one.</summary>
public sealed class ModelComparerTests : IDisposable
{
    private readonly DatasetFolder set = new();
    private readonly DatasetContents data;
    private readonly TorchEngine all = Engine(TestModels.Constant(1, path: "all.safetensors")), none = Engine(TestModels.Constant(-1, path: "none.safetensors"));

    public ModelComparerTests()
    {
        for (int i = 0; i < 6; i++) set.Pair($"p{i}", 1000);
        File.WriteAllText(set["split.json"], """{"fractions": {"train": 0, "validation": 0}, "photos": {"p5": "train"}}""");
        data = DatasetContents.Read(set.Path, set["split.json"], CancellationToken.None);
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
        Assert.Equal((ComparisonVerdict.Superior, true, 5, 0), (better.Verdict, better.Passed, better.Photos, better.ExcludedPhotos));
        Assert.Equal(better.CandidateDice - better.BaselineDice, better.DiceDifference);
        Assert.InRange(better.CandidateIoU, 0.8, 0.86);
        Assert.InRange(better.BaselineDice, 0, 1e-6);
        Assert.Equal(Math.Sqrt(2) * 32, better.BaselineHausdorff, 1e-9);
        Assert.Equal(("all.safetensors", "none.safetensors", "all.safetensors", false), (better.Candidate, better.Baseline, better.ModelPath, better.ProvenanceKnown));

        foreach (var (candidate, baseline) in new[] { (none, all), (all, all), (none, none) })
        {
            var other = Compare(candidate, baseline);
            Assert.Equal((ComparisonVerdict.Inconclusive, false), (other.Verdict, other.Passed));
            Assert.Contains("not both", other.Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Leaves_out_and_counts_what_either_has_seen()
    {
        string Hash(string name) => data.Pairs.Single(p => p.Pair.Name == name).Hash;
        using var candidate = Engine(TestModels.Constant(1, seen: new ModelProvenance([Hash("p0"), Hash("p5")], [Hash("p1").ToUpperInvariant()], "", "")));
        using var baseline = Engine(TestModels.Constant(-1, seen: new ModelProvenance([Hash("p1")], [Hash("p2")], "", "")));
        var comparison = Compare(candidate, baseline);
        Assert.Equal((2, 3, true), (comparison.Photos, comparison.ExcludedPhotos, comparison.ProvenanceKnown));

        using var everything = Engine(TestModels.Constant(1, seen: new ModelProvenance([.. data.Pairs.Select(p => p.Hash)], [], "", "")));
        Assert.Contains("All 5 photos", Assert.Throws<DatasetException>(() => Compare(everything, none)).Message, StringComparison.Ordinal);
        Assert.Throws<DatasetException>(() => Compare(none, everything));
        Assert.Contains("no photo", Assert.Throws<DatasetException>(() => ModelComparer.Compare(all, none, data, DatasetSplit.Validation, null, CancellationToken.None)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Never_passes_a_model_that_gives_no_numbers_on_either_side()
    {
        using var broken = Engine(TestModels.NotFinite());
        Assert.Throws<PhotoException>(() => Compare(broken, none));
        Assert.Throws<PhotoException>(() => Compare(all, broken));
    }

    [Fact]
    public void Is_an_error_when_a_photo_cannot_be_read_or_has_a_mask_of_another_size()
    {
        File.WriteAllText(set["images", "p3.png"], "no picture");
        Assert.Equal(set["images", "p3.png"], Assert.Throws<PhotoException>(() => Compare(all, none)).Path);
        set.Photo("p3.png", 41, 30);
        Assert.Equal(set["masks", "p3.png"], Assert.Throws<PhotoException>(() => Compare(all, none)).Path);
        Assert.ThrowsAny<OperationCanceledException>(() => ModelComparer.Compare(all, none, data, DatasetSplit.Test, null, new CancellationToken(true)));
    }

    [Fact]
    public void Evaluator_goes_on_after_a_bad_photo_when_somebody_hears_of_it()
    {
        File.WriteAllText(set["images", "p3.png"], "no picture");
        var failures = new List<PhotoException>();
        var scores = new ModelEvaluator(all).Measure(data.Part(DatasetSplit.Test), failures.Add, TestContext.Current.CancellationToken).ToList();
        Assert.Equal(["p0", "p1", "p2", "p4"], scores.Select(s => s.Pair.Pair.Name));
        Assert.Equal(set["images", "p3.png"], Assert.Single(failures).Path);
        Assert.All(scores, s => Assert.Equal(1, s.Coverage));
    }

    private static TorchEngine Engine(SegmentationModel model) => new(model, Precision.Float32, ComputeDevice.Cpu);

    private ModelComparison Compare(TorchEngine candidate, TorchEngine baseline) =>
        ModelComparer.Compare(candidate, baseline, data, DatasetSplit.Test, null, TestContext.Current.CancellationToken);
}
