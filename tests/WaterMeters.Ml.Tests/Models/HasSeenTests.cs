using WaterMeters.Ml.Datasets;
using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Models;

namespace WaterMeters.Ml.Tests.Models;

/// <summary>A model has seen a photo whichever of its files it was trained on.</summary>
public class HasSeenTests
{
    private static readonly string Trained = FileHash.Combine(["trained"]);
    private static readonly string Other = FileHash.Combine(["other"]), Third = FileHash.Combine(["third"]);

    private static readonly ModelProvenance Model = new([Trained], [], "", "");

    [Fact]
    public void A_photo_that_was_repaired_after_training()
    {
        Assert.True(HasSeen(Other, new SplitOverride(Other, SplitReason.Repaired, Trained)));
        Assert.True(HasSeen(Third, new(Other, SplitReason.Repaired, Trained), new(Third, SplitReason.Repaired, Other)));
    }

    [Fact]
    public void The_original_of_a_photo_that_was_repaired_before_training() =>
        Assert.True(HasSeen(Other, new SplitOverride(Trained, SplitReason.Repaired, Other)));

    [Theory]
    [InlineData(SplitReason.Resembles)]
    [InlineData(SplitReason.SetAside)]
    public void A_photo_that_resembles_a_training_photo(SplitReason reason)
    {
        Assert.True(HasSeen(Other, new SplitOverride(Other, reason, Trained)));
        Assert.True(HasSeen(Other, new SplitOverride(Trained, reason, Other)));
    }

    [Fact]
    public void A_photo_that_resembles_the_repaired_file_of_a_training_photo() =>
        Assert.True(HasSeen(Third, new(Other, SplitReason.Repaired, Trained), new(Third, SplitReason.Resembles, Other)));

    [Fact]
    public void But_no_other_photo()
    {
        Assert.False(HasSeen(Other));
        Assert.False(HasSeen(Other, new SplitOverride(Other, SplitReason.Resembles, Third)));
    }

    private static bool HasSeen(string hash, params SplitOverride[] stored) => Model.HasSeen(
        new HashedPair(new SamplePair("a", "a.jpg", "a.png"), hash, DatasetSplit.Test)
        {
            Others = new SplitRule().With(stored).LinkedHashes(hash),
        });
}
