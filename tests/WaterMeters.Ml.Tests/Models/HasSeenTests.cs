using WaterMeters.Ml.Datasets;
using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Models;

namespace WaterMeters.Ml.Tests.Models;

/// <summary>What a model has seen is a photo, under whatever file it was seen.</summary>
public class HasSeenTests
{
    private static readonly string Learnt = FileHash.OfLines(["learnt"]), Other = FileHash.OfLines(["other"]), Third = FileHash.OfLines(["third"]);

    private static readonly ModelProvenance Model = new([Learnt], [], "", "");

    [Fact]
    public void A_photo_it_learnt_from_before_the_photo_was_repaired()
    {
        Assert.True(Sees(Other, new SplitException(Other, SplitReason.Repaired, Learnt)));
        Assert.True(Sees(Third, new(Other, SplitReason.Repaired, Learnt), new(Third, SplitReason.Repaired, Other)));
    }

    [Fact]
    public void A_photo_it_learnt_from_after_the_photo_was_repaired() => Assert.True(Sees(Other, new SplitException(Learnt, SplitReason.Repaired, Other)));

    [Theory]
    [InlineData(SplitReason.Resembles)]
    [InlineData(SplitReason.SetAside)]
    public void A_photo_that_resembles_one_it_learnt_from(SplitReason reason)
    {
        Assert.True(Sees(Other, new SplitException(Other, reason, Learnt)));
        Assert.True(Sees(Other, new SplitException(Learnt, reason, Other)));
    }

    [Fact]
    public void A_photo_that_resembles_the_repaired_file_of_one_it_learnt_from() =>
        Assert.True(Sees(Third, new(Other, SplitReason.Repaired, Learnt), new(Third, SplitReason.Resembles, Other)));

    [Fact]
    public void No_other_photo()
    {
        Assert.False(Sees(Other));
        Assert.False(Sees(Other, new SplitException(Other, SplitReason.Resembles, Third)));
    }

    private static bool Sees(string hash, params SplitException[] stored) =>
        Model.HasSeen(new HashedPair(new SamplePair("a", "a.jpg", "a.png"), hash, DatasetSplit.Test) { Others = new SplitRule().With(stored).OthersOf(hash) });
}
