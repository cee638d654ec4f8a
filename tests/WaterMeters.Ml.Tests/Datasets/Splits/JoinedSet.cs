using WaterMeters.Ml.Datasets.Duplicates;
using WaterMeters.Ml.Datasets.Facts;
using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Tests.Datasets.Splits;

/// <summary>A data set of photos without pixels. The name of a photo is the start of its hash, and the matches are given.</summary>
internal sealed class JoinedSet
{
    private readonly List<string> photos = [];
    private readonly HashSet<(string, string)> matches = [];
    private double chance;
    private int seed;

    public JoinedSet(params string[] photos) => AddPhotos(photos);

    public SplitRule Rule { get; private set; } = new();

    public IReadOnlyList<string> Photos => photos;

    /// <summary>The part of each photo.</summary>
    public Dictionary<string, DatasetSplit> Splits => photos.Distinct().ToDictionary(p => p, Split);

    public static string Hash(string name) => name.Length == 64 ? name : name.PadRight(64, '0');

    public JoinedSet AddPhotos(params string[] more)
    {
        photos.AddRange(more);
        return this;
    }

    public JoinedSet Match(string one, string other)
    {
        matches.Add((one, other));
        return this;
    }

    /// <summary>Lets any two photos match with a probability, always the same two.</summary>
    public JoinedSet MatchAny(double chance, int seed)
    {
        (this.chance, this.seed) = (chance, seed);
        return this;
    }

    public void Use(SplitFractions fractions) => Rule = new SplitRule(fractions);

    /// <summary>Returns a copy, as in another branch.</summary>
    public JoinedSet Copy() => new JoinedSet([.. photos]) { Rule = Rule }.MatchAny(chance, seed);

    public DatasetSplit Split(string photo) => Rule.Assign(Hash(photo), photo);

    public void Store(params IEnumerable<SplitOverride> overrides) => Rule = Rule.With(overrides);

    /// <summary>Joins the photos and stores the overrides.</summary>
    public IReadOnlyList<SplitJoin> Join(int firstNew)
    {
        var joins = new SplitJoiner(Rule).Join([.. photos.Select(p => (Facts(p), p))], [.. Matches()], firstNew);
        Store(joins.Select(j => j.Override));
        return joins;
    }

    /// <summary>Returns matching photos that are in two of training, validation and test.</summary>
    public IEnumerable<(string, string)> MatchesAcrossParts() =>
        from match in Matches()
        let one = Split(photos[match.Index])
        let other = Split(photos[match.Earlier])
        where one != other && one != DatasetSplit.Aside && other != DatasetSplit.Aside
        select (photos[match.Index], photos[match.Earlier]);

    private IEnumerable<PhotoMatch> Matches() =>
        from index in Enumerable.Range(0, photos.Count)
        from earlier in Enumerable.Range(0, index)
        where IsMatch(photos[index], photos[earlier])
        select new PhotoMatch(index, earlier, photos[index] == photos[earlier], 1, default, ThumbnailWarp.Identity);

    private bool IsMatch(string one, string other)
    {
        if (matches.Contains((one, other)) || matches.Contains((other, one))) return true;
        string[] both = [one, other];
        return chance > 0 && Convert.ToUInt32(FileHash.Combine([.. both, $"{seed}"])[..8], 16) < chance * uint.MaxValue;
    }

    private static PhotoFacts Facts(string photo) => new()
    {
        Hash = Hash(photo), Header = default, DarkEnd = 0, BrightEnd = 255, Entropy = 8, Blur = 0, Thumbnail = [],
    };
}
