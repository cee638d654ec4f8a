using FsCheck;
using FsCheck.Fluent;
using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Tests.Datasets.Splits;

/// <summary>Histories of data sets: photos are added in any number and order, by a merge or by hand, in one branch or in two.</summary>
public class SplitJoinerPropertyTests
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(2000);
    private static readonly Arbitrary<int> Seeds = Gen.Choose(0, int.MaxValue).ToArbitrary();

    [Fact]
    public void No_photo_changes_its_part_and_no_two_matching_photos_are_in_two_parts() => Check.One(Many, Prop.ForAll(Seeds, seed =>
    {
        var random = new Random(seed);
        var set = NewSet(random);
        string[] photos = Photos(random, seed);
        for (int at = 0; at < photos.Length;)
        {
            int count = Math.Min(random.Next(1, 6), photos.Length - at);
            Grow(set, random, photos[at..(at + count)]);
            at += count;
        }
    }));

    [Fact]
    public void No_old_photo_changes_its_part_when_two_branches_are_joined() => Check.One(Many, Prop.ForAll(Seeds, seed =>
    {
        var random = new Random(seed);
        var set = NewSet(random);
        string[] photos = Photos(random, seed);
        int old = random.Next(1, photos.Length), middle = random.Next(old, photos.Length);
        Grow(set, random, photos[..old]);
        var splits = set.Splits;

        // Some photos are added in both branches.
        var left = Branch(set, random, photos[old..]);
        var right = Branch(set, random, photos[middle..]);
        set.Store([.. left.Rule.Store.Overrides, .. right.Rule.Store.Overrides]);
        AssertUnmoved(splits, set);

        set.AddPhotos([.. left.Photos.Concat(right.Photos).Distinct().Except(set.Photos).Order(StringComparer.Ordinal)]);
        splits = set.Splits;
        set.Join(firstNew: set.Photos.Count);
        AssertUnmoved(splits, set);
        Assert.Empty(set.MatchesAcrossParts());
        Assert.Empty(set.Join(firstNew: set.Photos.Count));
    }));

    private static JoinedSet Branch(JoinedSet from, Random random, string[] more)
    {
        var branch = from.Copy();
        random.Shuffle(more);
        int half = random.Next(more.Length + 1);
        if (half > 0) Grow(branch, random, more[..half]);
        if (half < more.Length && random.Next(2) == 0) Grow(branch, random, more[half..]);
        return branch;
    }

    /// <summary>Adds photos, by a merge or by hand.</summary>
    private static void Grow(JoinedSet set, Random random, string[] more)
    {
        int before = set.Photos.Count;
        var splits = set.Splits;
        bool byHand = random.Next(3) == 0;
        set.AddPhotos(more);
        if (byHand) splits = set.Splits;
        set.Join(firstNew: byHand ? set.Photos.Count : before);

        AssertUnmoved(splits, set);
        Assert.Empty(set.MatchesAcrossParts());
        Assert.Empty(set.Join(firstNew: random.Next(2) == 0 ? set.Photos.Count : before));
        AssertUnmoved(splits, set);
    }

    /// <summary>Checks that no photo moved, except aside.</summary>
    private static void AssertUnmoved(Dictionary<string, DatasetSplit> splits, JoinedSet set)
    {
        foreach (var (photo, split) in splits)
        {
            var now = set.Split(photo);
            Assert.True(now == split || now == DatasetSplit.Aside, $"{photo[..6]} moved from {split} to {now}");
        }
    }

    private static JoinedSet NewSet(Random random)
    {
        var set = new JoinedSet();
        set.Use(new SplitFractions(0.4, 0.3));
        return set.MatchAny(random.NextDouble() * 0.4, random.Next());
    }

    private static string[] Photos(Random random, int seed) =>
        [.. Enumerable.Range(0, random.Next(2, 14)).Select(i => FileHash.Combine([$"{seed} {i}"]))];
}
