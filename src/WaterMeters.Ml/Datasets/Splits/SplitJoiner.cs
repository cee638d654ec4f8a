using WaterMeters.Ml.Datasets.Duplicates;
using WaterMeters.Ml.Datasets.Facts;

namespace WaterMeters.Ml.Datasets.Splits;

/// <summary>An override to store for a photo that resembles another.</summary>
/// <param name="Photo">Index of the photo.</param>
/// <param name="Other">Index of the photo that it resembles.</param>
/// <param name="Split">The new part of the photo.</param>
/// <param name="Override">The override.</param>
internal sealed record SplitJoin(int Photo, int Other, DatasetSplit Split, SplitOverride Override);

/// <summary>
/// Puts photos of the same scene into one part; otherwise a model would be measured on what it learned. A new photo follows the old ones
/// that it resembles; one that resembles photos of two parts is set aside. If two old photos in two parts resemble each other, it is
/// unknown which came first, and no photo may change its part. So the one from the larger part is set aside: training before validation
/// before test.
/// </summary>
/// <param name="rule">The current rule of the data set.</param>
internal sealed class SplitJoiner(SplitRule rule)
{
    /// <summary>
    /// Returns the overrides to store. Once they are stored, a second call returns none, and no two matching photos are in two of training,
    /// validation and test.
    /// </summary>
    /// <param name="photos">The photos and their names, old ones first.</param>
    /// <param name="matches">The photos that show the same scene.</param>
    /// <param name="firstNew">Index of the first new photo; 0 when nothing was ever stored, the number of photos when none is new.</param>
    public IReadOnlyList<SplitJoin> Join(
        IReadOnlyList<(PhotoFacts Facts, string Name)> photos, IReadOnlyList<PhotoMatch> matches, int firstNew)
    {
        var nearDuplicates = matches.Where(m => !m.IsExact).GroupBy(m => m.Index).OrderBy(g => g.Key).Select(g => g.ToArray()).ToList();
        var joins = new List<(int Photo, int Other, SplitOverride Override)>();
        var after = rule;

        // Photos that follow a photo go aside with it and must be examined again; after the first round all photos count as old.
        for (int first = firstNew; ; first = photos.Count)
        {
            var round = new Round(after, photos, first);
            foreach (var matchesOfOne in nearDuplicates) round.Join(matchesOfOne);
            if (round.Joins.Count == 0) break;
            joins.AddRange(round.Joins);
            after = after.With(round.Joins.Select(j => j.Override));
        }

        return [.. joins.Select(j => new SplitJoin(j.Photo, j.Other, NewSplit(photos[j.Photo]), j.Override))];

        DatasetSplit NewSplit((PhotoFacts Facts, string Name) photo) => after.Assign(photo.Facts.Hash, photo.Name);
    }

    /// <summary>One pass over all matches.</summary>
    private sealed class Round(SplitRule rule, IReadOnlyList<(PhotoFacts Facts, string Name)> photos, int firstNew)
    {
        private readonly HashSet<SplitOverride> stored = [.. rule.Store.Overrides];
        private readonly HashSet<string> withOverride = [.. rule.Store.Overrides.Select(e => e.Photo)];
        private readonly Dictionary<int, DatasetSplit> newSplits = [];
        private readonly Dictionary<string, List<string>> newLeaders = new(StringComparer.Ordinal);

        public List<(int Photo, int Other, SplitOverride Override)> Joins { get; } = [];

        /// <summary>Handles all matches of one photo with earlier ones.</summary>
        public void Join(PhotoMatch[] matchesOfOne)
        {
            PhotoMatch[] open = [.. matchesOfOne.Where(m => !IsSettled(m))];
            if (open.Length == 0) return;
            if (matchesOfOne[0].Index >= firstNew) JoinNew(matchesOfOne[0].Index, [.. matchesOfOne.Select(m => m.Earlier)]);
            else foreach (var match in open) JoinOld(match.Index, match.Earlier);
        }

        private void JoinNew(int photo, int[] others)
        {
            // A photo with an override was in the data set before and has a part already.
            bool hasSplit = withOverride.Contains(Hash(photo));
            DatasetSplit[] splits = [.. others.Select(CurrentSplit).Concat(hasSplit ? [CurrentSplit(photo)] : []).Distinct()];
            foreach (int other in others)
            {
                if (splits.Length > 1) SetAside(photo, other);
                else if (hasSplit) JoinOld(photo, other);
                else Follow(photo, other, splits[0]);
            }
        }

        private void JoinOld(int photo, int other)
        {
            if (string.CompareOrdinal(Hash(photo), Hash(other)) < 0) (photo, other) = (other, photo);
            bool disputed = IsDisputed(photo), otherDisputed = IsDisputed(other);
            var (split, otherSplit) = (CurrentSplit(photo), CurrentSplit(other));
            if (disputed || otherDisputed)
            {
                // Settle permanently what two branches disagree about.
                if (disputed) SetAside(photo, other);
                if (otherDisputed) SetAside(other, photo);
            }
            else if (split != otherSplit)
            {
                if (Priority(split) < Priority(otherSplit)) SetAside(photo, other);
                else SetAside(other, photo);
            }
            else if (Follows(Hash(other), Hash(photo), []))
            {
                // If both followed each other, neither would have an end to follow.
                Follow(other, photo, split);
            }
            else
            {
                Follow(photo, other, split);
            }
        }

        /// <summary>Returns which of two photos in two parts to keep: the one of higher priority.</summary>
        private static int Priority(DatasetSplit split) => split == DatasetSplit.Aside ? -1 : (int)split;

        private void SetAside(int photo, int other) => Add(photo, other, SplitReason.SetAside, DatasetSplit.Aside);

        private void Follow(int photo, int other, DatasetSplit split)
        {
            if (!Add(photo, other, SplitReason.Resembles, split)) return;
            if (!newLeaders.TryGetValue(Origin(photo), out var others)) newLeaders.Add(Origin(photo), others = []);
            others.Add(Origin(other));
        }

        private bool Add(int photo, int other, SplitReason reason, DatasetSplit split)
        {
            newSplits[photo] = split;
            var added = new SplitOverride(Hash(photo), reason, Hash(other));
            if (!stored.Add(added)) return false;
            Joins.Add((photo, other, added));
            return true;
        }

        /// <summary>Returns whether one photo follows another, by stored overrides and by those of this round.</summary>
        private bool Follows(string photo, string other, HashSet<string> visited)
        {
            photo = rule.Origin(photo);
            if (rule.Follows(photo, other)) return true;
            if (!visited.Add(photo)) return false;

            // Few photos got a leader in this round; the paths through them are not stored yet.
            return newLeaders.Keys.Where(step => step == photo || rule.Follows(photo, step)).ToList()
                .SelectMany(step => newLeaders[step]).Any(next => next == rule.Origin(other) || Follows(next, other, visited));
        }

        private string Hash(int photo) => photos[photo].Facts.Hash;

        private string Origin(int photo) => rule.Origin(Hash(photo));

        private DatasetSplit CurrentSplit(int photo) =>
            newSplits.TryGetValue(photo, out var split) ? split : rule.Assign(Hash(photo), photos[photo].Name);

        private bool IsDisputed(int photo) => !newSplits.ContainsKey(photo) && rule.IsDisputed(Hash(photo), photos[photo].Name);

        /// <summary>Returns whether a match needs no override: the photos are linked already, and not in two different parts.</summary>
        private bool IsSettled(PhotoMatch match)
        {
            if (!rule.LinkedHashes(Hash(match.Index)).Contains(Hash(match.Earlier))) return false;
            if (IsDisputed(match.Index) || IsDisputed(match.Earlier)) return false;
            var (split, other) = (CurrentSplit(match.Index), CurrentSplit(match.Earlier));
            return split == other || split == DatasetSplit.Aside || other == DatasetSplit.Aside;
        }
    }
}
