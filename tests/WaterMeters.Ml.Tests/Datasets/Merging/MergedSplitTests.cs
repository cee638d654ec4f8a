using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Tests.Datasets.Duplicates;
using WaterMeters.Ml.Tests.Reporting.Markup;
using static WaterMeters.Ml.Tests.Datasets.Merging.MergeCalls;

namespace WaterMeters.Ml.Tests.Datasets.Merging;

/// <summary>The parts of photos after a merge, and after an interrupted merge.</summary>
public class MergedSplitTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Photos_that_resemble_old_ones_follow_them_and_no_old_one_moves()
    {
        using var data = Drawn(12, seed: 1);
        using var more = NearDuplicates(data, 12);
        var before = SplitsIn(data.Path);
        var merged = Merge(data.Path, more.Path);
        var after = SplitsIn(data.Path);
        Assert.All(before, photo => Assert.Equal(photo.Value, after[photo.Key]));
        foreach (var pair in merged)
        {
            Assert.Equal(MergeOutcome.Added, pair.Outcome);
            Assert.Equal(before[pair.Name["near_".Length..]], pair.Split);
            Assert.Equal(pair.Split, after[pair.Name]);
            Assert.NotNull(pair.OtherPath);
        }

        Assert.DoesNotContain(Findings.In(data.Path), f => f.Check == "PhotoInTwoSplits");
    }

    [Fact]
    public void A_photo_that_resembles_photos_of_two_parts_is_set_aside()
    {
        using var data = Drawn(1, seed: 1);
        string first = data["images", "sample_0001.jpg"];
        var rule = new SplitRule();
        var part = rule.Assign(FileHash.Compute(first), "");
        byte[] elsewhere = Enumerable.Range(62, 38).Select(quality => PhotoCopy.SavedAgain(first, quality))
            .First(file => PartOf(file) != part);
        File.WriteAllBytes(data["images", "twin.jpg"], elsewhere);
        File.Copy(data["masks", "sample_0001.png"], data["masks", "twin.png"]);
        using var more = NearDuplicates(data, 1);

        Assert.Equal(DatasetSplit.Aside, Merge(data.Path, more.Path).First().Split);
        var after = SplitsIn(data.Path);
        Assert.Equal((part, PartOf(elsewhere)), (after["sample_0001"], after["twin"]));
        Assert.Equal(DatasetSplit.Aside, after["near_sample_0001"]);

        DatasetSplit PartOf(byte[] file) => rule.Assign(FileHash.ComputeBytes(file), "");
    }

    [Fact]
    public void Without_a_pair_that_was_left_out_nothing_follows_it()
    {
        using var data = Drawn(2, seed: 1);
        using var more = Drawn(1, seed: 2);
        AddPrefix(more, "a_");
        File.WriteAllBytes(more["images", "b.jpg"], PhotoCopy.SavedAgain(more["images", "a_sample_0001.jpg"], 60));
        File.Copy(more["masks", "a_sample_0001.png"], more["masks", "b.png"]);
        var plan = Plan(data.Path, false, more.Path);
        Assert.Equal(["a_sample_0001", "b"], plan.Steps.Select(s => s.Record.Name));
        var alone = Assert.Single(plan.Apply([plan.Steps[1]], null, Stop));
        Assert.Equal(new SplitRule().Assign(FileHash.Compute(alone.ImagePath!), ""), alone.Split);
        Assert.Equal("The pair is new.", alone.Reason);
        Assert.False(Directory.Exists(SplitFolder.PathFor(data.Path)));
    }

    [Fact]
    public void Interrupted_anywhere_it_leaves_no_photo_in_a_wrong_part_and_is_finished_by_the_next()
    {
        using var original = Drawn(4, seed: 1);
        using var more = NearDuplicates(original, 4);
        using (var others = Drawn(2, seed: 3)) FolderContents.Copy(others.Path, more.Path);
        using var whole = new TempFolder();
        FolderContents.Copy(original.Path, whole.Path);
        int steps = 0;
        Apply(Plan(whole.Path, true, more.Path), _ => steps++);
        var (first, last) = (FolderContents.Hashes(original.Path), FolderContents.Hashes(whole.Path));
        var splits = SplitsIn(whole.Path);
        Assert.True(steps > 20);

        for (int at = 1; at <= steps; at++)
        {
            using var folder = new TempFolder();
            FolderContents.Copy(original.Path, folder.Path);
            int step = 0;
            Assert.Throws<OperationCanceledException>(() =>
            {
                Apply(Plan(folder.Path, true, more.Path), _ =>
                {
                    if (++step == at) throw new OperationCanceledException();
                });
            });
            var now = FolderContents.Hashes(folder.Path);
            Assert.All(first, file => Assert.Equal(file.Value, now[file.Key]));
            Assert.All(now, file => Assert.Equal(last[file.Key], file.Value));
            Assert.All(SplitsIn(folder.Path), photo => Assert.Equal(splits[photo.Key], photo.Value));
            Apply(Plan(folder.Path, true, more.Path), null);
            Assert.Equal(last, FolderContents.Hashes(folder.Path));
        }
    }
}
