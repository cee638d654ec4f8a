using WaterMeters.Ml.Datasets;
using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Datasets.Merging;
using WaterMeters.Ml.Samples;
using WaterMeters.Ml.Tests.Reporting.Markup;

namespace WaterMeters.Ml.Tests.Datasets.Merging;

public class CachedMergeTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void A_second_merge_reads_the_old_photos_from_the_cache()
    {
        using var cache = new TempFolder();
        using var data = new TempFolder();
        using var more = new TempFolder();
        var options = new SampleOptions { Count = 3, Size = 128 };
        foreach (var set in new[] { data, more }) _ = SampleDataset.Write(set.Path, options, null, Stop).Count();
        foreach (string file in Directory.GetFiles(data.Path, "*", SearchOption.AllDirectories))
        {
            File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch.AddYears(50));
        }

        Assert.All(Plan(cache.Path), step => Assert.Equal(MergeOutcome.AlreadyThere, step));

        // Same size, same time, but not a photo: only reading the file would show that.
        string photo = DatasetListing.Read(data.Path).Pairs[0].ImagePath;
        var written = File.GetLastWriteTimeUtc(photo);
        File.WriteAllBytes(photo, new byte[new FileInfo(photo).Length]);
        File.SetLastWriteTimeUtc(photo, written);
        Assert.All(Plan(cache.Path), step => Assert.Equal(MergeOutcome.AlreadyThere, step));
        Assert.Equal(MergeOutcome.NameConflict, Plan(null)[0]);

        List<MergeOutcome> Plan(string? folder) =>
        [
            .. new DatasetMerger(data.Path, CheckSettings.Default, false, folder).Plan([more.Path], e => throw e, null, Stop)
                .Steps.Select(s => s.Record.Outcome),
        ];
    }
}
