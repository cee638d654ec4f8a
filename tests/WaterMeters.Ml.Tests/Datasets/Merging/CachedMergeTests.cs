using WaterMeters.Ml.Datasets;
using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Datasets.Merging;
using WaterMeters.Ml.Samples;
using WaterMeters.Ml.Tests.Reporting.Markup;

namespace WaterMeters.Ml.Tests.Datasets.Merging;

public class CachedMergeTests
{
    [Fact]
    public void A_second_merge_does_not_look_at_the_old_photos_again()
    {
        using var cache = new TempFolder();
        using var data = new TempFolder();
        using var more = new TempFolder();
        foreach (var set in new[] { data, more }) _ = SampleDataset.Write(set.Path, new SampleOptions { Count = 3, Size = 128 }, null, TestContext.Current.CancellationToken).Count();
        foreach (string file in Directory.GetFiles(data.Path, "*", SearchOption.AllDirectories)) File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch.AddYears(50));
        Assert.All(Plan(cache.Path), step => Assert.Equal(MergeOutcome.AlreadyThere, step));

        // Same size, same time, no photo: whoever looks at it sees that.
        string photo = DatasetListing.Read(data.Path).Pairs[0].ImagePath;
        var written = File.GetLastWriteTimeUtc(photo);
        File.WriteAllBytes(photo, new byte[new FileInfo(photo).Length]);
        File.SetLastWriteTimeUtc(photo, written);
        Assert.All(Plan(cache.Path), step => Assert.Equal(MergeOutcome.AlreadyThere, step));
        Assert.Equal(MergeOutcome.NameConflict, Plan(null)[0]);

        List<MergeOutcome> Plan(string? folder) =>
            [.. new DatasetMerger(data.Path, CheckSettings.Default, false, folder).Plan([more.Path], e => throw e, null, TestContext.Current.CancellationToken).Steps.Select(s => s.Record.Outcome)];
    }
}
