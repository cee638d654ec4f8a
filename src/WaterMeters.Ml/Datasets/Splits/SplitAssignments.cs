namespace WaterMeters.Ml.Datasets.Splits;

/// <summary>The places of photos as a split's exceptions say, and which photos count as one.</summary>
internal sealed class SplitAssignments
{
    private readonly SplitFractions fractions;
    private readonly Dictionary<string, string> origins = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedSet<string>> files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedSet<string>> followed = new(StringComparer.Ordinal), alike = new(StringComparer.Ordinal);
    private readonly HashSet<string> aside = new(StringComparer.Ordinal);

    public SplitAssignments(SplitFractions fractions, IReadOnlyList<SplitOverride> exceptions)
    {
        this.fractions = fractions;
        Gather([.. exceptions.Where(e => e.Reason == SplitReason.Repaired)]);
        foreach (var exception in exceptions)
        {
            string photo = Origin(exception.Photo), other = Origin(exception.Other);
            if (exception.Reason == SplitReason.SetAside) aside.Add(photo);
            if (exception.Reason == SplitReason.Repaired || photo == other) continue;
            if (exception.Reason == SplitReason.Resembles) In(followed, photo).Add(other);

            // One that was set aside may have been learnt from before: who saw it has seen the other.
            In(alike, photo).Add(other);
            In(alike, other).Add(photo);
        }
    }

    /// <summary>The hash that a photo's file had before all of its repairs.</summary>
    public string Origin(string hash) => origins.GetValueOrDefault(hash, hash);

    /// <summary>The other hashes by which a model may have seen this photo: those of its file before and after repairs, and of photos that resemble it.</summary>
    public IReadOnlyList<string> LinkedHashes(string hash)
    {
        if (origins.Count == 0 && alike.Count == 0) return [];
        string origin = Origin(hash);
        IEnumerable<string> same = [origin, .. alike.GetValueOrDefault(origin) ?? []];
        return [.. same.SelectMany(photo => files.GetValueOrDefault(photo) ?? [photo]).Where(other => other != hash).Distinct()];
    }

    /// <summary>Where a photo is.</summary>
    /// <returns>The part and, where photos that it resembles are in several parts by now, that they are: then it is in none.</returns>
    public (DatasetSplit Split, bool Disagree) Find(string hash)
    {
        string origin = Origin(hash);
        if (!followed.ContainsKey(origin)) return (OfOne(origin), false);
        var reached = Reached(origin);
        string[] ends = [.. reached.Where(photo => aside.Contains(photo) || !followed.ContainsKey(photo))];

        // Photos that follow each other round, as after joining two branches: each of them was the end of the way in one.
        if (ends.Length == 0) ends = [.. reached.Where(photo => followed[photo].Any(next => Reached(next).Contains(photo)))];
        DatasetSplit[] places = [.. ends.Select(OfOne).Distinct()];
        return places.Length == 1 ? (places[0], false) : (DatasetSplit.Aside, !aside.Contains(origin));
    }

    /// <summary>Whether one photo follows another, be it over others.</summary>
    public bool Follows(string photo, string other) => Origin(other) is var end && Origin(photo) is var start && start != end && followed.ContainsKey(start) && Reached(start, beyondAside: true).Contains(end);

    private DatasetSplit OfOne(string photo) => aside.Contains(photo) ? DatasetSplit.Aside : fractions.AssignByHash(photo);

    /// <summary>A photo and all that it follows; for its place nothing matters beyond one that is set aside.</summary>
    private HashSet<string> Reached(string photo, bool beyondAside = false)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal) { photo };
        var open = new Stack<string>(reached);
        while (open.TryPop(out string? at))
        {
            if ((aside.Contains(at) && !beyondAside) || !followed.TryGetValue(at, out var next)) continue;
            foreach (string other in next.Where(reached.Add)) open.Push(other);
        }

        return reached;
    }

    /// <summary>Files that are one photo before and after repairs share an origin: one that no repair made, the first of several.</summary>
    private void Gather(SplitOverride[] repairs)
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
            string origin = photos.Where(p => !made.Contains(p)).DefaultIfEmpty(photos.Min(StringComparer.Ordinal)!).Min(StringComparer.Ordinal)!;
            files[origin] = new SortedSet<string>(photos, StringComparer.Ordinal);
            foreach (string photo in photos) origins[photo] = origin;
        }

        string Find(string photo)
        {
            while (group.TryGetValue(photo, out string? next) && next != photo) photo = next;
            return photo;
        }
    }

    private static SortedSet<string> In(Dictionary<string, SortedSet<string>> edges, string photo)
    {
        if (!edges.TryGetValue(photo, out var others)) edges.Add(photo, others = new SortedSet<string>(StringComparer.Ordinal));
        return others;
    }
}
