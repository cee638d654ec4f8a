using WaterMeters.Ml.Datasets;
using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Models;

namespace WaterMeters.Ml.Tests.Models;

/// <summary>What a model has seen is a photo, under whatever file it was seen.</summary>
public class HasSeenTests
{
    private static readonly string Learnt = FileHash.Combine(["learnt"]), Other = FileHash.Combine(["other"]), Third = FileHash.Combine(["third"]);

    private static readonly ModelProvenance Model = new([Learnt], [], "", "");

    [Fact]
    public void A_photo_it_learnt_from_before_the_photo_was_repaired()
    {
        Assert.True(Sees(Other, new SplitOverride(Other, SplitReason.Repaired, Learnt)));
        Assert.True(Sees(Third, new(Other, SplitReason.Repaired, Learnt), new(Third, SplitReason.Repaired, Other)));
    }

    [Fact]
    public void A_photo_it_learnt_from_after_the_photo_was_repaired() => Assert.True(Sees(Other, new SplitOverride(Learnt, SplitReason.Repaired, Other)));

    [Theory]
    [InlineData(SplitReason.Resembles)]
    [InlineData(SplitReason.SetAside)]
    public void A_photo_that_resembles_one_it_learnt_from(SplitReason reason)
    {
        Assert.True(Sees(Other, new SplitOverride(Other, reason, Learnt)));
        Assert.True(Sees(Other, new SplitOverride(Learnt, reason, Other)));
    }

    [Fact]
    public void A_photo_that_resembles_the_repaired_file_of_one_it_learnt_from() =>
        Assert.True(Sees(Third, new(Other, SplitReason.Repaired, Learnt), new(Third, SplitReason.Resembles, Other)));

    [Fact]
    public void No_other_photo()
    {
        Assert.False(Sees(Other));
        Assert.False(Sees(Other, new SplitOverride(Other, SplitReason.Resembles, Third)));
    }

    private static bool Sees(string hash, params SplitOverride[] stored) =>
        Model.HasSeen(new HashedPair(new SamplePair("a", "a.jpg", "a.png"), hash, DatasetSplit.Test) { Others = new SplitRule().With(stored).LinkedHashes(hash) });
}
