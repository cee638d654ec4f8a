using WaterMeters.Ml.Datasets;
using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Samples;

namespace WaterMeters.Ml.Tests.Datasets.Splits;

public class SplitPlanTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Identical_files_count_as_one_test_photo()
    {
        using var folder = new TempFolder();
        _ = SampleDataset.Write(folder.Path, new SampleOptions { Count = 6, Size = 96 }, null, Stop).Count();
        string digest = Plan().TestDigest;
        var pair = DatasetListing.Read(folder.Path).Pairs[0];
        foreach (string file in new[] { pair.ImagePath, pair.MaskPath })
        {
            File.Copy(file, Path.Combine(Path.GetDirectoryName(file)!, "copy" + Path.GetExtension(file)));
        }

        var report = Plan();
        Assert.Equal((7, 7, false, 1), (report.Photos, report.TestPhotos, report.IsTestLargeEnough, report.MissingTestPhotos));
        Assert.StartsWith("The test part has 6 photos,", report.Advice, StringComparison.Ordinal);
        Assert.Equal(digest, report.TestDigest);

        DatasetSplitReport Plan() => SplitPlan.Create(folder.Path, 0, 0, null, null, Stop).Report(7);
    }
}
