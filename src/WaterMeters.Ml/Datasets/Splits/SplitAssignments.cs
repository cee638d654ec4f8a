namespace WaterMeters.Ml.Datasets.Splits;

/// <summary>The parts of photos as the split overrides give them, and the files that count as one photo.</summary>
internal sealed class SplitAssignments
{
    private readonly SplitFractions fractions;
    private readonly Dictionary<string, string> origins = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedSet<string>> filesByOrigin = new(StringComparer.Ordinal);

    // The photos that each photo follows; and those linked to it in either direction.
    private readonly Dictionary<string, SortedSet<string>> leaders = new(StringComparer.Ordinal), linked = new(StringComparer.Ordinal);
    private readonly HashSet<string> aside = new(StringComparer.Ordinal);

    /// <summary>Reads the overrides.</summary>
    public SplitAssignments(SplitFractions fractions, IReadOnlyList<SplitOverride> overrides)
    {
        this.fractions = fractions;
        GroupRepairedFiles([.. overrides.Where(e => e.Reason == SplitReason.Repaired)]);
        foreach (var one in overrides)
        {
            string photo = Origin(one.Photo), other = Origin(one.Other);
            if (one.Reason == SplitReason.SetAside) aside.Add(photo);
            if (one.Reason == SplitReason.Repaired || photo == other) continue;
            if (one.Reason == SplitReason.Resembles) EdgesOf(leaders, photo).Add(other);

            // A model may have learned from a photo before it was set aside; then it has seen the other one too.
            EdgesOf(linked, photo).Add(other);
            EdgesOf(linked, other).Add(photo);
        }
    }

    /// <summary>Returns the hash of a photo's file before all of its repairs.</summary>
    public string Origin(string hash) => origins.GetValueOrDefault(hash, hash);

    /// <summary>
    /// Returns the other hashes by which a model may have seen this photo: those of its file before and after repairs, and of photos linked
    /// to it.
    /// </summary>
    public IReadOnlyList<string> LinkedHashes(string hash)
    {
        if (origins.Count == 0 && linked.Count == 0) return [];
        string origin = Origin(hash);
        IEnumerable<string> same = [origin, .. linked.GetValueOrDefault(origin) ?? []];
        return [.. same.SelectMany(photo => filesByOrigin.GetValueOrDefault(photo) ?? [photo]).Where(other => other != hash).Distinct()];
    }

    /// <summary>Returns the part of a photo.</summary>
    /// <returns>
    /// The part; and whether the photo is disputed, because the photos it follows are in several parts. Then it is in none.
    /// </returns>
    public (DatasetSplit Split, bool IsDisputed) Find(string hash)
    {
        string origin = Origin(hash);
        if (!leaders.ContainsKey(origin)) return (OwnSplit(origin), false);
        var reached = ReachableFrom(origin);
        string[] ends = [.. reached.Where(photo => aside.Contains(photo) || !leaders.ContainsKey(photo))];

        // Photos can follow each other in a circle after two branches were joined. In one of the branches each was an end; use them all.
        if (ends.Length == 0) ends = [.. reached.Where(photo => leaders[photo].Any(next => ReachableFrom(next).Contains(photo)))];
        DatasetSplit[] splits = [.. ends.Select(OwnSplit).Distinct()];
        return splits.Length == 1 ? (splits[0], false) : (DatasetSplit.Aside, !aside.Contains(origin));
    }

    /// <summary>Returns whether one photo follows another, directly or through other photos.</summary>
    public bool Follows(string photo, string other) =>
        Origin(other) is var end && Origin(photo) is var start && start != end && leaders.ContainsKey(start)
            && ReachableFrom(start, beyondAside: true).Contains(end);

    private DatasetSplit OwnSplit(string photo) => aside.Contains(photo) ? DatasetSplit.Aside : fractions.AssignByHash(photo);

    /// <summary>Returns a photo and all that it follows. For the part, nothing beyond a photo that is set aside matters.</summary>
    private HashSet<string> ReachableFrom(string photo, bool beyondAside = false)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal) { photo };
        var open = new Stack<string>(reached);
        while (open.TryPop(out string? at))
        {
            if ((aside.Contains(at) && !beyondAside) || !leaders.TryGetValue(at, out var next)) continue;
            foreach (string other in next.Where(reached.Add)) open.Push(other);
        }

        return reached;
    }

    /// <summary>
    /// Groups the files of one photo before and after repairs. Their origin is the file that no repair made; of several, the first by hash.
    /// </summary>
    private void GroupRepairedFiles(SplitOverride[] repairs)
    {
        var group = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var repair in repairs)
        {
            string one = Find(repair.Photo), other = Find(repair.Other);
            if (one != other) group[one] = other;
        }

        var made = repairs.Select(r => r.Photo).ToHashSet(StringComparer.Ordinal);
        foreach (var photos in group.Keys.Concat(group.Values).Distinct().ToList().GroupBy(Find))
        {
            string first = photos.Min(StringComparer.Ordinal)!;
            string origin = photos.Where(p => !made.Contains(p)).DefaultIfEmpty(first).Min(StringComparer.Ordinal)!;
            filesByOrigin[origin] = new SortedSet<string>(photos, StringComparer.Ordinal);
            foreach (string photo in photos) origins[photo] = origin;
        }

        string Find(string photo)
        {
            while (group.TryGetValue(photo, out string? next) && next != photo) photo = next;
            return photo;
        }
    }

    private static SortedSet<string> EdgesOf(Dictionary<string, SortedSet<string>> edges, string photo)
    {
        if (!edges.TryGetValue(photo, out var others)) edges.Add(photo, others = new SortedSet<string>(StringComparer.Ordinal));
        return others;
    }
}
