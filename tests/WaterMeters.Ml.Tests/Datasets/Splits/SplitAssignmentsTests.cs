using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Tests.Reporting.Markup;

namespace WaterMeters.Ml.Tests.Datasets.Splits;

/// <summary>Where photos are once exceptions are stored: by name, 0... is in training, d... in validation, f... in the test.</summary>
public class SplitAssignmentsTests
{
    private const string Train = "0", Train2 = "1", Validation = "d", Test = "f", Test2 = "e9";

    [Fact]
    public void Follows_the_one_it_resembles()
    {
        var places = Places(Follows(Train, Test), Follows(Train2, Train));

        Assert.Equal((DatasetSplit.Test, false), places.Find(Hash(Train)));
        Assert.Equal((DatasetSplit.Test, false), places.Find(Hash(Train2)));
        Assert.Equal((DatasetSplit.Test, false), places.Find(Hash(Test)));
        Assert.Equal((DatasetSplit.Validation, false), places.Find(Hash(Validation)));
    }

    [Fact]
    public void Is_in_no_part_when_two_branches_put_it_into_two()
    {
        var places = Places(Follows(Validation, Test), Follows(Validation, Train));

        Assert.Equal((DatasetSplit.Aside, true), places.Find(Hash(Validation)));
        Assert.Equal((DatasetSplit.Train, false), places.Find(Hash(Train)));
        Assert.Equal((DatasetSplit.Test, false), places.Find(Hash(Test)));
    }

    [Fact]
    public void Is_not_disputed_once_it_is_set_aside()
    {
        var places = Places(Follows(Validation, Test), Follows(Validation, Train), new(Hash(Validation), SplitReason.SetAside, Hash(Train)), Follows(Test2, Validation));

        Assert.Equal((DatasetSplit.Aside, false), places.Find(Hash(Validation)));
        Assert.Equal((DatasetSplit.Aside, false), places.Find(Hash(Test2)));
    }

    [Fact]
    public void Photos_that_follow_each_other_round_are_together_where_all_of_them_belong()
    {
        var places = Places(Follows(Train, Train2), Follows(Train2, Train), Follows(Test, Train));

        Assert.All([Train, Train2, Test], photo => Assert.Equal((DatasetSplit.Train, false), places.Find(Hash(photo))));
    }

    [Fact]
    public void Photos_that_follow_each_other_round_are_in_no_part_when_they_were_in_several()
    {
        var places = Places(Follows(Train, Test), Follows(Test, Validation), Follows(Validation, Train), Follows(Test2, Validation));

        Assert.All([Train, Test, Validation, Test2], photo => Assert.Equal((DatasetSplit.Aside, true), places.Find(Hash(photo))));
    }

    [Fact]
    public void Who_saw_a_photo_has_seen_the_one_that_it_was_set_aside_for()
    {
        var places = Places(new SplitOverride(Hash(Train), SplitReason.SetAside, Hash(Test)));

        Assert.Equal([Hash(Train)], places.LinkedHashes(Hash(Test)));
        Assert.Equal([Hash(Test)], places.LinkedHashes(Hash(Train)));
        Assert.Equal((DatasetSplit.Test, false), places.Find(Hash(Test)));
    }

    [Fact]
    public void Follows_over_others_and_not_itself()
    {
        var places = Places(Follows(Train, Train2), Follows(Train2, Test), Repaired(Validation, Test));

        Assert.True(places.Follows(Hash(Train), Hash(Validation)));
        Assert.False(places.Follows(Hash(Test), Hash(Train)));
        Assert.False(places.Follows(Hash(Test), Hash(Validation)));
    }

    [Fact]
    public void A_repaired_photo_keeps_place_and_identity()
    {
        var places = Places(Repaired(Train, Test), Repaired(Validation, Train), Follows(Train2, Validation));

        Assert.All([Train, Validation, Test, Train2], photo => Assert.Equal(DatasetSplit.Test, places.Find(Hash(photo)).Split));
        Assert.Equal(Hash(Test), places.Origin(Hash(Validation)));
        Assert.Equal([Hash(Train), Hash(Train2), Hash(Test)], places.LinkedHashes(Hash(Validation)).Order(StringComparer.Ordinal));
        Assert.Equal([Hash(Train), Hash(Validation), Hash(Test)], places.LinkedHashes(Hash(Train2)).Order(StringComparer.Ordinal));
        Assert.Empty(places.LinkedHashes(Hash(Test2)));
    }

    [Fact]
    public void What_has_been_repaired_twice_in_two_branches_is_one_photo()
    {
        var places = Places(Repaired(Train, Test), Repaired(Validation, Test));

        Assert.All([Train, Validation, Test], photo => Assert.Equal(Hash(Test), places.Origin(Hash(photo))));
    }

    [Fact]
    public void Stays_as_it_is_what_is_not_named()
    {
        var fractions = new SplitFractions();
        var places = Places(Follows(Train, Test));
        foreach (int i in Enumerable.Range(0, 500))
        {
            string hash = FileHash.Combine([$"{i}"]);
            Assert.Equal((fractions.AssignByHash(hash), false), places.Find(hash));
        }
    }

    private static string Hash(string start) => start.PadRight(64, '0');

    private static SplitOverride Follows(string photo, string other) => new(Hash(photo), SplitReason.Resembles, Hash(other));

    private static SplitOverride Repaired(string photo, string former) => new(Hash(photo), SplitReason.Repaired, Hash(former));

    private static SplitAssignments Places(params SplitOverride[] exceptions) => new(new SplitFractions(), exceptions);
}
