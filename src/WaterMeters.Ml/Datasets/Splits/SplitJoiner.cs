using WaterMeters.Ml.Datasets.Duplicates;
using WaterMeters.Ml.Datasets.Facts;

namespace WaterMeters.Ml.Datasets.Splits;

/// <summary>
/// Puts photos that show the same image into one part: else a model would be measured on what it learned. A new photo follows the old
/// ones that it resembles; one that resembles photos of two parts is set aside. Of two old ones in two parts nobody knows which came
/// first, and no photo may change its part, so the one that is needed less is set aside: test before validation before training.
/// </summary>
/// <param name="rule">Says where the photos are now.</param>
internal sealed class SplitJoiner(SplitRule rule)
{
    /// <summary>What is to be stored. Once it is, nothing more is to be, and no two photos that match are in two of training, validation and test.</summary>
    /// <param name="photos">The photos and their names, old ones first.</param>
    /// <param name="matches">Which of them show the same.</param>
    /// <param name="firstNew">The place of the first new one; 0 when nothing was ever stored, the number of photos when none is new.</param>
    public IReadOnlyList<SplitJoin> Join(IReadOnlyList<(PhotoFacts Facts, string Name)> photos, IReadOnlyList<PhotoMatch> matches, int firstNew)
    {
        var near = matches.Where(m => !m.IsExact).GroupBy(m => m.Index).OrderBy(g => g.Key).Select(g => g.ToArray()).ToList();
        var joins = new List<(int Photo, int Other, SplitOverride Exception)>();
        var after = rule;

        // A photo that is set aside takes with it those that follow it, which then have to be looked at again; by now none of them is new.
        for (int first = firstNew; ; first = photos.Count)
        {
            var round = new Round(after, photos, first);
            foreach (var ofOne in near) round.Join(ofOne);
            if (round.Joins.Count == 0) break;
            joins.AddRange(round.Joins);
            after = after.With(round.Joins.Select(j => j.Exception));
        }

        return [.. joins.Select(j => new SplitJoin(j.Photo, j.Other, after.Assign(photos[j.Photo].Facts.Hash, photos[j.Photo].Name), j.Exception))];
    }

    /// <summary>One look at all matches.</summary>
    private sealed class Round(SplitRule rule, IReadOnlyList<(PhotoFacts Facts, string Name)> photos, int firstNew)
    {
        private readonly HashSet<SplitOverride> stored = [.. rule.Store.Exceptions];
        private readonly HashSet<string> placed = [.. rule.Store.Exceptions.Select(e => e.Photo)];
        private readonly Dictionary<int, DatasetSplit> moved = [];
        private readonly Dictionary<string, List<string>> followed = new(StringComparer.Ordinal);

        public List<(int Photo, int Other, SplitOverride Exception)> Joins { get; } = [];

        public void Join(PhotoMatch[] ofOne)
        {
            PhotoMatch[] unknown = [.. ofOne.Where(m => !IsKnown(m))];
            if (unknown.Length == 0) return;
            if (ofOne[0].Index >= firstNew) JoinNew(ofOne[0].Index, [.. ofOne.Select(m => m.Earlier)]);
            else foreach (var match in unknown) JoinOld(match.Index, match.Earlier);
        }

        private void JoinNew(int photo, int[] others)
        {
            // A photo of which something is stored has been here before, and has a place.
            bool hasPlace = placed.Contains(Hash(photo));
            DatasetSplit[] places = [.. others.Select(Place).Concat(hasPlace ? [Place(photo)] : []).Distinct()];
            foreach (int other in others)
            {
                if (places.Length > 1) SetAside(photo, other);
                else if (hasPlace) JoinOld(photo, other);
                else Follow(photo, other, places[0]);
            }
        }

        private void JoinOld(int photo, int other)
        {
            if (string.CompareOrdinal(Hash(photo), Hash(other)) < 0) (photo, other) = (other, photo);
            bool disputed = IsDisputed(photo), otherDisputed = IsDisputed(other);
            var (place, otherPlace) = (Place(photo), Place(other));
            if (disputed || otherDisputed)
            {
                // What two branches disagree about is decided here once and for all.
                if (disputed) SetAside(photo, other);
                if (otherDisputed) SetAside(other, photo);
            }
            else if (place != otherPlace)
            {
                if (Need(place) < Need(otherPlace)) SetAside(photo, other);
                else SetAside(other, photo);
            }
            else if (Follows(Hash(other), Hash(photo), []))
            {
                // Two that follow each other would have no place but their own.
                Follow(other, photo, place);
            }
            else
            {
                Follow(photo, other, place);
            }
        }

        private static int Need(DatasetSplit split) => split == DatasetSplit.Aside ? -1 : (int)split;

        private void SetAside(int photo, int other) => Add(photo, other, SplitReason.SetAside, DatasetSplit.Aside);

        private void Follow(int photo, int other, DatasetSplit place)
        {
            if (!Add(photo, other, SplitReason.Resembles, place)) return;
            if (!followed.TryGetValue(Origin(photo), out var others)) followed.Add(Origin(photo), others = []);
            others.Add(Origin(other));
        }

        private bool Add(int photo, int other, SplitReason reason, DatasetSplit place)
        {
            moved[photo] = place;
            var exception = new SplitOverride(Hash(photo), reason, Hash(other));
            if (!stored.Add(exception)) return false;
            Joins.Add((photo, other, exception));
            return true;
        }

        /// <summary>Whether one photo follows another by what is stored and by what this round adds.</summary>
        private bool Follows(string photo, string other, HashSet<string> passed)
        {
            photo = rule.Origin(photo);
            if (rule.Follows(photo, other)) return true;
            if (!passed.Add(photo)) return false;

            // Those that this round made follow are few: each is a step that is stored nowhere yet.
            return followed.Keys.Where(step => step == photo || rule.Follows(photo, step)).ToList()
                .SelectMany(step => followed[step]).Any(next => next == rule.Origin(other) || Follows(next, other, passed));
        }

        private string Hash(int photo) => photos[photo].Facts.Hash;

        private string Origin(int photo) => rule.Origin(Hash(photo));

        private DatasetSplit Place(int photo) => moved.TryGetValue(photo, out var place) ? place : rule.Assign(Hash(photo), photos[photo].Name);

        private bool IsDisputed(int photo) => !moved.ContainsKey(photo) && rule.IsDisputed(Hash(photo), photos[photo].Name);

        private bool IsKnown(PhotoMatch match)
        {
            if (!rule.LinkedHashes(Hash(match.Index)).Contains(Hash(match.Earlier)) || IsDisputed(match.Index) || IsDisputed(match.Earlier)) return false;
            var (place, other) = (Place(match.Index), Place(match.Earlier));
            return place == other || place == DatasetSplit.Aside || other == DatasetSplit.Aside;
        }
    }
}
