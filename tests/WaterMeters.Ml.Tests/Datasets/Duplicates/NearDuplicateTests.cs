using System.Globalization;
using WaterMeters.Ml.Datasets;
using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Datasets.Duplicates;
using WaterMeters.Ml.Datasets.Facts;
using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Tests.Reporting.Markup;

namespace WaterMeters.Ml.Tests.Datasets.Duplicates;

/// <summary>Typical copies of real photos, and real photos that are not copies.</summary>
public class NearDuplicateTests(ITestOutputHelper output)
{
    private static readonly bool Full = Environment.GetEnvironmentVariable("WMS_PROVE") == "full";

    public static TheoryData<string> Kinds => ["saved again", "scaled", "brightened", "cropped", "turned"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Are_found_with_their_originals_and_without_a_finding_about_their_masks(string kind)
    {
        var originals = Originals(Full ? 200 : 16);
        using var folder = new TempFolder();
        var analyzer = new PairAnalyzer();
        var copies = originals.AsParallel().AsOrdered().Select((pair, i) => analyzer.Measure(Copy(pair.Pair, kind, i, folder))).ToList();
        Assert.All(copies, c => Assert.Null(c.PhotoFault ?? c.MaskFault));

        var rule = new SplitRule(new SplitFractions(1, 0));
        var findings = new DuplicateChecks([.. originals, .. copies], rule, CheckSettings.Default).Find(CancellationToken.None).ToList();

        int found = copies.Zip(originals)
            .Count(both => findings.Any(f => f.Name == both.First.Pair.Name && f.OtherPath == both.Second.Pair.ImagePath));
        Assert.All(findings, f => Assert.Equal(DatasetCheck.PhotoNearDuplicate, f.Check));
        Assert.All(findings, f => Assert.EndsWith(Path.GetFileNameWithoutExtension(f.OtherPath)!, f.Name, StringComparison.Ordinal));
        double recall = (double)found / copies.Count;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"figure: {kind} {found} of {copies.Count}"));
        Assert.True(recall >= (kind is "cropped" or "turned" ? 0.9 : 0.98), $"{found} of {copies.Count} found");
    }

    [Fact]
    public void Are_not_found_among_photos_of_different_meters()
    {
        var photos = Originals(Full ? 240 : 100).Select(p => p.Photo!).ToList();
        var found = DuplicateSearch.Find(photos, CancellationToken.None);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"figure: {found.Count} false pairs among {photos.Count}"));
        Assert.Empty(found);
    }

    private static List<PairFacts> Originals(int count)
    {
        var analyzer = new PairAnalyzer();
        return [.. DatasetListing.Read(SharedFolder.Meters).Pairs.Take(count).AsParallel().AsOrdered().Select(analyzer.Measure)];
    }

    /// <summary>Copies the photo and its mask in the same way; a mask is not brightened.</summary>
    private static SamplePair Copy(SamplePair pair, string kind, int number, TempFolder folder)
    {
        string name = "copy-of-" + pair.Name, image = folder[name + ".jpg"], mask = folder[name + "-mask.jpg"];
        File.WriteAllBytes(image, Changed(pair.ImagePath, isMask: false));
        File.WriteAllBytes(mask, Changed(pair.MaskPath, isMask: true));
        return new SamplePair(name, image, mask);

        byte[] Changed(string path, bool isMask) => kind switch
        {
            "saved again" => PhotoCopy.SavedAgain(path, isMask ? 90 : 60),
            "scaled" => PhotoCopy.Scaled(path, 0.4f),
            "brightened" => PhotoCopy.Brightened(path, isMask ? 1 : 1.3f),
            "cropped" => PhotoCopy.Cropped(path, 0.95f, number % 3 / 2f, number / 3 % 3 / 2f),
            _ => PhotoCopy.Turned(path, 1),
        };
    }
}
