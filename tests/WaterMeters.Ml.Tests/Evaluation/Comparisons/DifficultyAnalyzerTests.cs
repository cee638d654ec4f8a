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
    public void Assigns_slices_by_fixed_limits(byte brightEnd, double blur, double coverage, bool dark, bool blurred, bool small) =>
        Assert.Equal(
            new PhotoDifficulty(dark, blurred, small), DifficultyAnalyzer.Classify(new PhotoLight(0, brightEnd, 7, blur), coverage));

    [Fact]
    public void Measures_the_same_as_the_data_set_checks()
    {
        using var set = new DatasetFolder();
        set.Pair("noise", 14).Pair("large", 500); // of 1200 pixels
        var analyzer = new DifficultyAnalyzer();
        var checks = new PairAnalyzer();
        foreach (var pair in DatasetListing.Read(set.Path).Pairs)
        {
            var facts = checks.Measure(pair);
            var light = new PhotoLight(facts.Photo!.DarkEnd, facts.Photo.BrightEnd, facts.Photo.Entropy, facts.Photo.Blur);
            using var decoded = DecodedPair.Read(pair);
            var difficulty = analyzer.Classify(decoded);
            Assert.Equal(DifficultyAnalyzer.Classify(light, facts.Mask!.Coverage), difficulty);
            Assert.Equal(pair.Name == "noise", difficulty.SmallWindow);
        }
    }

    /// <summary>Every fourth photo; all with WMS_PROVE=full.</summary>
    [Fact]
    public void Each_slice_has_about_a_quarter_of_the_real_photos_on_any_number_of_threads()
    {
        SamplePair[] pairs = [.. DatasetListing.Read(SharedFolder.Meters).Pairs.Where((_, i) => ProcessMemory.Full || i % 4 == 0)];
        var analyzer = new DifficultyAnalyzer();
        PhotoDifficulty[] all = [.. pairs.AsParallel().AsOrdered().Select(Classify)];
        var (low, high) = ProcessMemory.Full ? (pairs.Length * 0.2, pairs.Length * 0.27) : (pairs.Length * 0.15, pairs.Length * 0.35);
        Assert.InRange(all.Count(d => d.Dark), low, high);
        Assert.InRange(all.Count(d => d.Blurred), low, high);
        Assert.InRange(all.Count(d => d.SmallWindow), low, high);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"figure: dark {all.Count(d => d.Dark)}, blurred {all.Count(d => d.Blurred)}, "
            + $"small window {all.Count(d => d.SmallWindow)}, any {all.Count(d => d != default)} of {all.Length}");
        Assert.Equal(all[..20], pairs.Take(20).Select(Classify));

        PhotoDifficulty Classify(SamplePair pair)
        {
            using var decoded = DecodedPair.Read(pair);
            return analyzer.Classify(decoded);
        }
    }
}
