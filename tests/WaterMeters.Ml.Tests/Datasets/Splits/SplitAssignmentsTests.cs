using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Tests.Reporting.Markup;

namespace WaterMeters.Ml.Tests.Datasets.Splits;

/// <summary>The parts of photos with overrides. By hash, 0... is in training, d... in validation, f... in the test.</summary>
public class SplitAssignmentsTests
{
    private const string Train = "0", Train2 = "1", Validation = "d", Test = "f", Test2 = "e9";

    [Fact]
    public void A_photo_is_in_the_part_of_the_one_it_resembles()
    {
        var assignments = Assign(Follows(Train, Test), Follows(Train2, Train));

        Assert.Equal((DatasetSplit.Test, false), assignments.Find(Hash(Train)));
        Assert.Equal((DatasetSplit.Test, false), assignments.Find(Hash(Train2)));
        Assert.Equal((DatasetSplit.Test, false), assignments.Find(Hash(Test)));
        Assert.Equal((DatasetSplit.Validation, false), assignments.Find(Hash(Validation)));
    }

    [Fact]
    public void A_photo_is_in_no_part_when_two_branches_put_it_into_two()
    {
        var assignments = Assign(Follows(Validation, Test), Follows(Validation, Train));

        Assert.Equal((DatasetSplit.Aside, true), assignments.Find(Hash(Validation)));
        Assert.Equal((DatasetSplit.Train, false), assignments.Find(Hash(Train)));
        Assert.Equal((DatasetSplit.Test, false), assignments.Find(Hash(Test)));
    }

    [Fact]
    public void A_photo_that_is_set_aside_is_not_disputed()
    {
        var setAside = new SplitOverride(Hash(Validation), SplitReason.SetAside, Hash(Train));
        var assignments = Assign(Follows(Validation, Test), Follows(Validation, Train), setAside, Follows(Test2, Validation));

        Assert.Equal((DatasetSplit.Aside, false), assignments.Find(Hash(Validation)));
        Assert.Equal((DatasetSplit.Aside, false), assignments.Find(Hash(Test2)));
    }

    [Fact]
    public void Photos_that_follow_each_other_in_a_circle_are_in_their_common_part()
    {
        var assignments = Assign(Follows(Train, Train2), Follows(Train2, Train), Follows(Test, Train));

        Assert.All([Train, Train2, Test], photo => Assert.Equal((DatasetSplit.Train, false), assignments.Find(Hash(photo))));
    }

    [Fact]
    public void Photos_that_follow_each_other_in_a_circle_are_in_no_part_if_they_were_in_several()
    {
        var assignments = Assign(Follows(Train, Test), Follows(Test, Validation), Follows(Validation, Train), Follows(Test2, Validation));

        Assert.All([Train, Test, Validation, Test2], photo => Assert.Equal((DatasetSplit.Aside, true), assignments.Find(Hash(photo))));
    }

    [Fact]
    public void A_photo_that_was_set_aside_is_linked_to_the_other_photo()
    {
        var assignments = Assign(new SplitOverride(Hash(Train), SplitReason.SetAside, Hash(Test)));

        Assert.Equal([Hash(Train)], assignments.LinkedHashes(Hash(Test)));
        Assert.Equal([Hash(Test)], assignments.LinkedHashes(Hash(Train)));
        Assert.Equal((DatasetSplit.Test, false), assignments.Find(Hash(Test)));
    }

    [Fact]
    public void Follows_other_photos_indirectly_but_not_itself()
    {
        var assignments = Assign(Follows(Train, Train2), Follows(Train2, Test), Repaired(Validation, Test));

        Assert.True(assignments.Follows(Hash(Train), Hash(Validation)));
        Assert.False(assignments.Follows(Hash(Test), Hash(Train)));
        Assert.False(assignments.Follows(Hash(Test), Hash(Validation)));
    }

    [Fact]
    public void A_repaired_photo_keeps_its_part_and_identity()
    {
        var assignments = Assign(Repaired(Train, Test), Repaired(Validation, Train), Follows(Train2, Validation));

        Assert.All([Train, Validation, Test, Train2], photo => Assert.Equal(DatasetSplit.Test, assignments.Find(Hash(photo)).Split));
        Assert.Equal(Hash(Test), assignments.Origin(Hash(Validation)));
        Assert.Equal([Hash(Train), Hash(Train2), Hash(Test)], assignments.LinkedHashes(Hash(Validation)).Order(StringComparer.Ordinal));
        Assert.Equal([Hash(Train), Hash(Validation), Hash(Test)], assignments.LinkedHashes(Hash(Train2)).Order(StringComparer.Ordinal));
        Assert.Empty(assignments.LinkedHashes(Hash(Test2)));
    }

    [Fact]
    public void A_photo_repaired_in_two_branches_is_one_photo()
    {
        var assignments = Assign(Repaired(Train, Test), Repaired(Validation, Test));

        Assert.All([Train, Validation, Test], photo => Assert.Equal(Hash(Test), assignments.Origin(Hash(photo))));
    }

    [Fact]
    public void Photos_without_an_override_stay_in_their_part()
    {
        var fractions = new SplitFractions();
        var assignments = Assign(Follows(Train, Test));
        foreach (int i in Enumerable.Range(0, 500))
        {
            string hash = FileHash.Combine([$"{i}"]);
            Assert.Equal((fractions.AssignByHash(hash), false), assignments.Find(hash));
        }
    }

    private static string Hash(string start) => start.PadRight(64, '0');

    private static SplitOverride Follows(string photo, string other) => new(Hash(photo), SplitReason.Resembles, Hash(other));

    private static SplitOverride Repaired(string photo, string former) => new(Hash(photo), SplitReason.Repaired, Hash(former));

    private static SplitAssignments Assign(params SplitOverride[] overrides) => new(new SplitFractions(), overrides);
}
