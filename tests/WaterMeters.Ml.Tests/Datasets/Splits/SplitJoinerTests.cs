using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Tests.Reporting.Markup;

namespace WaterMeters.Ml.Tests.Datasets.Splits;

/// <summary>The overrides of photos that resemble each other. By hash, 0... is in training, d... in validation, f... in the test.</summary>
public class SplitJoinerTests
{
    [Fact]
    public void A_new_photo_goes_into_the_part_of_the_old_one()
    {
        var set = new JoinedSet("0", "f1").Match("0", "f1");
        var join = Assert.Single(set.Join(firstNew: 1));

        Assert.Equal((1, 0, DatasetSplit.Train, SplitReason.Resembles), (join.Photo, join.Other, join.Split, join.Override.Reason));
        Assert.Equal(DatasetSplit.Train, set.Split("f1"));
        Assert.Equal(DatasetSplit.Train, set.Split("0"));
    }

    [Fact]
    public void A_new_photo_that_resembles_two_parts_is_set_aside()
    {
        var set = new JoinedSet("0", "f1", "d").Match("0", "d").Match("f1", "d");
        var joins = set.Join(firstNew: 2);

        Assert.Equal([0, 1], joins.Select(j => j.Other).Order());
        Assert.All(joins, j => Assert.Equal((2, DatasetSplit.Aside, SplitReason.SetAside), (j.Photo, j.Split, j.Override.Reason)));
        Assert.Equal(["0", "d", "f1"], set.Splits.Where(p => p.Value == set.Split(p.Key)).Select(p => p.Key).Order(StringComparer.Ordinal));
        Assert.Equal([DatasetSplit.Train, DatasetSplit.Test, DatasetSplit.Aside], new[] { "0", "f1", "d" }.Select(set.Split));
    }

    [Fact]
    public void New_photos_that_resemble_each_other_go_together()
    {
        var set = new JoinedSet("0", "d", "f1", "f2").Match("d", "f1").Match("f1", "f2").Match("d", "f2");
        set.Join(firstNew: 1);

        Assert.All(["d", "f1", "f2"], photo => Assert.Equal(DatasetSplit.Validation, set.Split(photo)));
    }

    [Fact]
    public void A_new_photo_that_resembles_one_set_aside_is_set_aside_with_it()
    {
        var set = new JoinedSet("0", "f1", "d", "1").Match("0", "d").Match("f1", "d");
        set.Join(firstNew: 2);
        set.Match("d", "1").Join(firstNew: 3);

        Assert.Equal(DatasetSplit.Aside, set.Split("1"));
    }

    [Theory]
    [InlineData("0", "f1", "0")]
    [InlineData("f1", "0", "0")]
    [InlineData("d", "f1", "d")]
    [InlineData("d", "0", "0")]
    public void Of_two_old_photos_in_two_parts_the_one_of_the_larger_part_is_set_aside(string one, string other, string aside)
    {
        var set = new JoinedSet(one, other).Match(one, other);
        var join = Assert.Single(set.Join(firstNew: 2));

        Assert.Equal((SplitReason.SetAside, DatasetSplit.Aside), (join.Override.Reason, join.Split));
        Assert.Equal(DatasetSplit.Aside, set.Split(aside));
        string kept = aside == one ? other : one;
        Assert.Equal(new SplitFractions().AssignByHash(JoinedSet.Hash(kept)), set.Split(kept));
    }

    [Fact]
    public void A_photo_goes_aside_with_the_one_it_follows()
    {
        // f2 follows 0 into training; then 0 turns out to resemble f1 of the test too.
        var set = new JoinedSet("0", "f2").Match("0", "f2");
        set.Join(firstNew: 1);
        set.AddPhotos("f1").Match("0", "f1").Match("f2", "f1");
        set.Join(firstNew: 3);

        Assert.Equal([DatasetSplit.Aside, DatasetSplit.Aside, DatasetSplit.Test], new[] { "0", "f2", "f1" }.Select(set.Split));
        Assert.Empty(set.Join(firstNew: 3));
    }

    [Fact]
    public void Old_photos_in_one_part_are_linked_without_a_circle()
    {
        // d follows 0; then 0 resembles 1, and 1 resembles d: if 1 followed d, all three would follow each other in a circle.
        var set = new JoinedSet("1", "0", "00001").Match("0", "00001");
        set.Join(firstNew: 2);
        set.Match("1", "0").Match("1", "00001");
        set.Join(firstNew: 3);

        Assert.All(["0", "1", "00001"], photo => Assert.Equal(DatasetSplit.Train, set.Split(photo)));
        Assert.All(["0", "1", "00001"], photo => Assert.False(set.Rule.Follows(JoinedSet.Hash(photo), JoinedSet.Hash(photo))));
    }

    [Fact]
    public void A_disputed_photo_is_set_aside_permanently()
    {
        var set = new JoinedSet("0", "f1", "d").Match("0", "d").Match("f1", "d");
        string photo = JoinedSet.Hash("d");
        set.Store(new[] { "0", "f1" }.Select(other => new SplitOverride(photo, SplitReason.Resembles, JoinedSet.Hash(other))));
        Assert.True(set.Rule.IsDisputed(JoinedSet.Hash("d"), "d"));

        set.Join(firstNew: 3);
        Assert.False(set.Rule.IsDisputed(JoinedSet.Hash("d"), "d"));
        Assert.Equal([DatasetSplit.Train, DatasetSplit.Test, DatasetSplit.Aside], new[] { "0", "f1", "d" }.Select(set.Split));
        Assert.Empty(set.Join(firstNew: 3));
    }

    [Fact]
    public void A_photo_that_comes_back_keeps_its_part_or_is_set_aside()
    {
        // f1 followed 0, was removed, and is added again with d, which resembles it too.
        var set = new JoinedSet("0", "d", "f1").Match("d", "f1").Match("0", "f1");
        set.Store(new SplitOverride(JoinedSet.Hash("f1"), SplitReason.Resembles, JoinedSet.Hash("0")));
        set.Join(firstNew: 2);

        Assert.Equal(DatasetSplit.Aside, set.Split("f1"));
        Assert.Equal([DatasetSplit.Train, DatasetSplit.Validation], new[] { "0", "d" }.Select(set.Split));
    }

    [Fact]
    public void Nothing_is_stored_for_identical_files()
    {
        Assert.Empty(new JoinedSet("0", "0").Match("0", "0").Join(firstNew: 1));
    }

    [Fact]
    public void Nothing_is_stored_twice()
    {
        foreach (int firstNew in new[] { 0, 2, 4 })
        {
            var set = new JoinedSet("0", "f1", "d", "1").Match("0", "d").Match("f1", "d").Match("0", "1").Match("d", "1");
            Assert.NotEmpty(set.Join(firstNew));
            Assert.Empty(set.Join(firstNew));
            Assert.Empty(set.Join(4));
        }
    }
}
