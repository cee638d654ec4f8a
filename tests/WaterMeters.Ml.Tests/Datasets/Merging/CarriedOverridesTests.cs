using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Foundation;
using static WaterMeters.Ml.Tests.Datasets.Merging.MergeCalls;

namespace WaterMeters.Ml.Tests.Datasets.Merging;

/// <summary>What a merge takes from the split of its source, and files that cannot be copied.</summary>
public class CarriedOverridesTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void A_new_photo_stays_with_the_photos_it_resembled_and_no_existing_one_moves()
    {
        using var data = Drawn(3, seed: 1);
        using var more = Drawn(8, seed: 2);
        AddPrefix(more, "more_");
        var pairs = DatasetContents.Read(more.Path, null, Stop).Pairs;

        // Two photos in one part and two in another: one follows a photo that is not copied, one follows through another, one is aside.
        var train = pairs.Where(p => p.Split == DatasetSplit.Train).ToList();
        string gone = Enumerable.Range(0, 1000).Select(i => FileHash.ComputeBytes(BitConverter.GetBytes(i)))
            .First(hash => new SplitRule().Assign(hash, "") == DatasetSplit.Test);
        SplitOverride[] stored =
        [
            new(train[0].Hash, SplitReason.Resembles, gone),
            new(train[1].Hash, SplitReason.Resembles, train[0].Hash),
            new(train[2].Hash, SplitReason.SetAside, train[0].Hash),
        ];
        SplitStore.Add(more.Path, stored);

        // A photo that is in both belongs to the part that it has in the destination.
        File.Copy(train[0].Pair.ImagePath, data["images", "known.jpg"]);
        File.Copy(train[0].Pair.MaskPath, data["masks", "known.png"]);
        var before = SplitsIn(data.Path);
        var merged = Merge(data.Path, more.Path).ToDictionary(m => m.SourceImagePath!);
        var after = SplitsIn(data.Path);
        Assert.All(before, photo => Assert.Equal(photo.Value, after[photo.Key]));
        Assert.Equal(MergeOutcome.AlreadyThere, merged[train[0].Pair.ImagePath].Outcome);
        Assert.Equal(DatasetSplit.Train, merged[train[1].Pair.ImagePath].Split);
        Assert.Equal(DatasetSplit.Aside, merged[train[2].Pair.ImagePath].Split);
        Assert.Equal(stored[1..].Select(e => e.Text).Order(), SplitStore.Read(data.Path).Overrides.Select(e => e.Text).Order());

        using var empty = new TempFolder();
        var whole = Merge(empty.Path, more.Path).ToDictionary(m => m.SourceImagePath!);
        foreach (var pair in DatasetContents.Read(more.Path, null, Stop).Pairs)
        {
            Assert.Equal(pair.Split, whole[pair.Pair.ImagePath].Split);
        }

        Assert.Equal(DatasetSplit.Test, whole[train[1].Pair.ImagePath].Split);
        Assert.Equal(stored.Select(e => e.Text).Order(), SplitStore.Read(empty.Path).Overrides.Select(e => e.Text).Order());
        var files = FolderContents.Hashes(empty.Path);
        Merge(empty.Path, more.Path);
        Assert.Equal(files, FolderContents.Hashes(empty.Path));
    }

    [Theory]
    [InlineData("masks", "sample_0001.png", "changed the mask")]
    [InlineData("images", "sample_0001.jpg", "changed the photo")]
    public void A_file_that_changed_since_it_was_compared_is_not_copied(string part, string file, string reason)
    {
        using var data = new TempFolder();
        using var more = Drawn(2, seed: 2);
        var plan = Plan(data.Path, false, more.Path);
        File.AppendAllText(more[part, file], "x");
        var records = Apply(plan, null);
        Assert.Equal([MergeOutcome.Unusable, MergeOutcome.Added], records.Select(r => r.Outcome));
        Assert.Contains(reason, records[0].Reason, StringComparison.Ordinal);
        Assert.Equal(1, Directory.GetFiles(data["images"]).Length + Directory.GetFiles(data["masks"]).Length - 1);
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_an_error_and_the_others_are_copied()
    {
        using var data = Drawn(1, seed: 1);
        using var more = Drawn(3, seed: 2);
        AddPrefix(more, "more_");
        var plan = Plan(data.Path, false, more.Path);
        Directory.CreateDirectory(data["masks", "more_sample_0002.png"]);
        var errors = new List<DatasetException>();
        var records = plan.Apply([.. plan.Steps.Where(s => s.IsCopied)], null, Stop, errors.Add).ToList();
        Assert.Equal([MergeOutcome.Added, MergeOutcome.Unusable, MergeOutcome.Added], records.Select(r => r.Outcome));
        Assert.Equal(data["masks", "more_sample_0002.png"], Assert.Single(errors).Path);
        Assert.Equal(errors[0].Message, records[1].Reason);
        Assert.False(File.Exists(data["images", "more_sample_0002.jpg"]));
        Assert.Empty(Directory.GetFiles(data.Path, "*.tmp", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_photo_that_cannot_be_written_leaves_no_mask_behind()
    {
        using var data = Drawn(1, seed: 1);
        using var more = Drawn(1, seed: 2);
        AddPrefix(more, "more_");
        var plan = Plan(data.Path, false, more.Path);
        Directory.CreateDirectory(data["images", "more_sample_0001.jpg"]);
        var record = Assert.Single(plan.Apply([.. plan.Steps.Where(s => s.IsCopied)], null, Stop, _ => { }));
        Assert.Equal(MergeOutcome.Unusable, record.Outcome);
        Assert.False(File.Exists(data["masks", "more_sample_0001.png"]));
    }
}
