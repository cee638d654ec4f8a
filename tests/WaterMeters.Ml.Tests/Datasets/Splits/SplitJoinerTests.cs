using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Tests.Reporting.Markup;

namespace WaterMeters.Ml.Tests.Datasets.Splits;

/// <summary>What is stored of photos that resemble each other; 0... is in training, d... in validation, f... in the test.</summary>
public class SplitJoinerTests
{
    [Fact]
    public void A_new_photo_goes_where_the_old_one_is()
    {
        var set = new JoinedSet("0", "f1").Match("0", "f1");
        var join = Assert.Single(set.Join(firstNew: 1));

        Assert.Equal((1, 0, DatasetSplit.Train, SplitReason.Resembles), (join.Photo, join.Other, join.Split, join.Exception.Reason));
        Assert.Equal(DatasetSplit.Train, set.Place("f1"));
        Assert.Equal(DatasetSplit.Train, set.Place("0"));
    }

    [Fact]
    public void A_new_photo_between_two_parts_is_set_aside_for_both()
    {
        var set = new JoinedSet("0", "f1", "d").Match("0", "d").Match("f1", "d");
        var joins = set.Join(firstNew: 2);

        Assert.Equal([0, 1], joins.Select(j => j.Other).Order());
        Assert.All(joins, j => Assert.Equal((2, DatasetSplit.Aside, SplitReason.SetAside), (j.Photo, j.Split, j.Exception.Reason)));
        Assert.Equal(["0", "d", "f1"], set.Places.Where(p => p.Value == set.Place(p.Key)).Select(p => p.Key).Order(StringComparer.Ordinal));
        Assert.Equal([DatasetSplit.Train, DatasetSplit.Test, DatasetSplit.Aside], new[] { "0", "f1", "d" }.Select(set.Place));
    }

    [Fact]
    public void New_photos_that_resemble_each_other_go_together()
    {
        var set = new JoinedSet("0", "d", "f1", "f2").Match("d", "f1").Match("f1", "f2").Match("d", "f2");
        set.Join(firstNew: 1);

        Assert.All(["d", "f1", "f2"], photo => Assert.Equal(DatasetSplit.Validation, set.Place(photo)));
    }

    [Fact]
    public void A_new_photo_that_resembles_one_set_aside_is_set_aside_with_it()
    {
        var set = new JoinedSet("0", "f1", "d", "1").Match("0", "d").Match("f1", "d");
        set.Join(firstNew: 2);
        set.Match("d", "1").Join(firstNew: 3);

        Assert.Equal(DatasetSplit.Aside, set.Place("1"));
    }

    [Theory]
    [InlineData("0", "f1", "0")]
    [InlineData("f1", "0", "0")]
    [InlineData("d", "f1", "d")]
    [InlineData("d", "0", "0")]
    public void Of_two_old_ones_in_two_parts_the_one_that_is_needed_less_is_set_aside(string one, string other, string aside)
    {
        var set = new JoinedSet(one, other).Match(one, other);
        var join = Assert.Single(set.Join(firstNew: 2));

        Assert.Equal((SplitReason.SetAside, DatasetSplit.Aside), (join.Exception.Reason, join.Split));
        Assert.Equal(DatasetSplit.Aside, set.Place(aside));
        string kept = aside == one ? other : one;
        Assert.Equal(new SplitFractions().AssignByHash(JoinedSet.Hash(kept)), set.Place(kept));
    }

    [Fact]
    public void What_follows_a_photo_goes_aside_with_it_and_is_told_so()
    {
        // f2 followed 0 into training; then 0 turns out to be what f1 of the test shows too.
        var set = new JoinedSet("0", "f2").Match("0", "f2");
        set.Join(firstNew: 1);
        set.AddPhotos("f1").Match("0", "f1").Match("f2", "f1");
        set.Join(firstNew: 3);

        Assert.Equal([DatasetSplit.Aside, DatasetSplit.Aside, DatasetSplit.Test], new[] { "0", "f2", "f1" }.Select(set.Place));
        Assert.Empty(set.Join(firstNew: 3));
    }

    [Fact]
    public void Old_ones_in_one_part_are_linked_without_a_circle()
    {
        // d follows 0; then 0 resembles 1, and 1 resembles d: were 1 to follow d, all three would follow each other round.
        var set = new JoinedSet("1", "0", "00001").Match("0", "00001");
        set.Join(firstNew: 2);
        set.Match("1", "0").Match("1", "00001");
        set.Join(firstNew: 3);

        Assert.All(["0", "1", "00001"], photo => Assert.Equal(DatasetSplit.Train, set.Place(photo)));
        Assert.All(["0", "1", "00001"], photo => Assert.False(set.Rule.Follows(JoinedSet.Hash(photo), JoinedSet.Hash(photo))));
    }

    [Fact]
    public void What_two_branches_put_into_two_parts_is_set_aside_once_and_for_all()
    {
        var set = new JoinedSet("0", "f1", "d").Match("0", "d").Match("f1", "d");
        set.Store(new(JoinedSet.Hash("d"), SplitReason.Resembles, JoinedSet.Hash("0")), new(JoinedSet.Hash("d"), SplitReason.Resembles, JoinedSet.Hash("f1")));
        Assert.True(set.Rule.IsDisputed(JoinedSet.Hash("d"), "d"));

        set.Join(firstNew: 3);
        Assert.False(set.Rule.IsDisputed(JoinedSet.Hash("d"), "d"));
        Assert.Equal([DatasetSplit.Train, DatasetSplit.Test, DatasetSplit.Aside], new[] { "0", "f1", "d" }.Select(set.Place));
        Assert.Empty(set.Join(firstNew: 3));
    }

    [Fact]
    public void A_photo_that_comes_back_keeps_the_place_it_had()
    {
        // f1 followed 0, was taken out and is added anew beside d, which resembles it as well.
        var set = new JoinedSet("0", "d", "f1").Match("d", "f1").Match("0", "f1");
        set.Store(new SplitOverride(JoinedSet.Hash("f1"), SplitReason.Resembles, JoinedSet.Hash("0")));
        set.Join(firstNew: 2);

        Assert.Equal(DatasetSplit.Aside, set.Place("f1"));
        Assert.Equal([DatasetSplit.Train, DatasetSplit.Validation], new[] { "0", "d" }.Select(set.Place));
    }

    [Fact]
    public void Nothing_is_stored_of_a_file_that_is_there_twice()
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
