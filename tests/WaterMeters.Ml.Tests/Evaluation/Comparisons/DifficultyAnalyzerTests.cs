using WaterMeters.Ml.Datasets;
using WaterMeters.Ml.Datasets.Facts;
using WaterMeters.Ml.Evaluation.Comparisons;
using WaterMeters.Ml.Tests.Datasets;

namespace WaterMeters.Ml.Tests.Evaluation.Comparisons;

public class DifficultyAnalyzerTests
{
    [Theory]
    [InlineData(164, 0.2, 0.05, true, false, false)]
    [InlineData(165, 0.2, 0.05, false, false, false)]
    [InlineData(200, 0.3701, 0.05, false, true, false)]
    [InlineData(200, 0.37, 0.0125, false, false, false)]
    [InlineData(200, 0.2, 0.0124, false, false, true)]
    [InlineData(0, 1, 0, true, true, true)]
    public void A_photo_is_in_a_slice_by_fixed_limits(byte brightEnd, double blur, double coverage, bool dark, bool blurred, bool small) =>
        Assert.Equal(new PhotoDifficulty(dark, blurred, small), DifficultyAnalyzer.Classify(new PhotoLight(0, brightEnd, 7, blur), coverage));

    [Fact]
    public void What_it_measures_is_what_the_checks_measure()
    {
        using var set = new DatasetFolder();
        set.Pair("noise", 14).Pair("large", 500); // of 1200 pixels
        var meter = new DifficultyAnalyzer();
        var checks = new PairAnalyzer();
        foreach (var pair in DatasetListing.Read(set.Path).Pairs)
        {
            var facts = checks.Measure(pair);
            var light = new PhotoLight(facts.Photo!.DarkEnd, facts.Photo.BrightEnd, facts.Photo.Entropy, facts.Photo.Blur);
            using var decoded = DecodedPair.Read(pair);
            var difficulty = meter.Classify(decoded);
            Assert.Equal(DifficultyAnalyzer.Classify(light, facts.Mask!.Coverage), difficulty);
            Assert.Equal(pair.Name == "noise", difficulty.SmallWindow);
        }
    }

    [Fact]
    public void Each_slice_holds_a_part_of_the_real_photos_and_the_same_ones_whoever_looks()
    {
        var pairs = DatasetListing.Read(SharedFolder.Meters).Pairs;
        var meter = new DifficultyAnalyzer();
        PhotoDifficulty[] one = [.. pairs.AsParallel().AsOrdered().Select(Look)];
        Assert.InRange(one.Count(d => d.Dark), pairs.Count * 0.2, pairs.Count * 0.27);
        Assert.InRange(one.Count(d => d.Blurred), pairs.Count * 0.2, pairs.Count * 0.27);
        Assert.InRange(one.Count(d => d.SmallWindow), pairs.Count * 0.2, pairs.Count * 0.27);
        TestContext.Current.TestOutputHelper?.WriteLine($"figure: dark {one.Count(d => d.Dark)}, blurred {one.Count(d => d.Blurred)}, small window {one.Count(d => d.SmallWindow)}, any {one.Count(d => d != default)} of {one.Length}");
        Assert.Equal(one[..20], pairs.Take(20).Select(Look));

        PhotoDifficulty Look(SamplePair pair)
        {
            using var decoded = DecodedPair.Read(pair);
            return meter.Classify(decoded);
        }
    }
}
