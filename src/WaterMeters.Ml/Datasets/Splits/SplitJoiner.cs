using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Datasets.Duplicates;

namespace WaterMeters.Ml.Datasets.Splits;

/// <summary>
/// Puts photos that show the same picture into one part: else a model would be measured on what it learned. A new photo follows the old
/// ones that it resembles; one that resembles photos of two parts is set aside. Of two old ones in two parts nobody knows which came
/// first, and no photo may change its part, so the one that is needed less is set aside: test before validation before training.
/// </summary>
/// <param name="rule">Says where the photos are now.</param>
internal sealed class SplitJoiner(SplitRule rule)
{
    /// <summary>What is to be stored, in the order of the photos.</summary>
    /// <param name="photos">The photos and their names, old ones first.</param>
    /// <param name="matches">Which of them show the same.</param>
    /// <param name="firstNew">The place of the first new one; 0 when nothing was ever stored, the number of photos when none is new.</param>
    public IReadOnlyList<SplitJoin> Join(IReadOnlyList<(PhotoFacts Facts, string Name)> photos, IReadOnlyList<PhotoMatch> matches, int firstNew)
    {
        var moved = new Dictionary<int, DatasetSplit>();
        var joins = new List<SplitJoin>();
        foreach (var ofOne in matches.Where(m => !m.IsExact && !IsKnown(m)).GroupBy(m => m.Index).OrderBy(g => g.Key))
        {
            if (ofOne.Key >= firstNew) JoinNew(ofOne.Key, [.. ofOne.Select(m => m.Earlier)]);
            else foreach (var match in ofOne) JoinOld(match.Index, match.Earlier);
        }

        return joins;

        void JoinNew(int photo, int[] others)
        {
            DatasetSplit[] places = [.. others.Select(Place).Distinct()];
            if (places.Length > 1) SetAside(photo, others[0]);
            else foreach (int other in others) Add(photo, other, SplitReason.Resembles, places[0]);
        }

        void JoinOld(int photo, int other)
        {
            if (string.CompareOrdinal(Hash(photo), Hash(other)) < 0) (photo, other) = (other, photo);
            var (one, two) = (Place(photo), Place(other));
            if (one == two) Add(photo, other, SplitReason.Resembles, two);
            else if (one == DatasetSplit.Aside || two == DatasetSplit.Aside) return;
            else if (one < two) SetAside(photo, other);
            else SetAside(other, photo);
        }

        void SetAside(int photo, int other) => Add(photo, other, SplitReason.SetAside, DatasetSplit.Aside);

        void Add(int photo, int other, SplitReason reason, DatasetSplit place)
        {
            moved[photo] = place;
            joins.Add(new SplitJoin(photo, other, place, new SplitException(Hash(photo), reason, Hash(other))));
        }

        string Hash(int photo) => photos[photo].Facts.Hash;

        DatasetSplit Place(int photo) => moved.TryGetValue(photo, out var place) ? place : rule.Assign(Hash(photo), photos[photo].Name);

        bool IsKnown(PhotoMatch match) => rule.OthersOf(Hash(match.Index)).Contains(Hash(match.Earlier)) && !rule.IsDisputed(Hash(match.Index), photos[match.Index].Name);
    }
}
