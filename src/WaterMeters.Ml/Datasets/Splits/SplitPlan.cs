using WaterMeters.Ml.Datasets.Duplicates;
using WaterMeters.Ml.Datasets.Facts;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Datasets.Splits;

/// <summary>
/// The split of a data set after a search for near-duplicates, and what to store of it. Nothing is written before <see cref="Store"/>.
/// </summary>
public sealed class SplitPlan
{
    private readonly List<(SamplePair Pair, string Hash)> photos;
    private readonly SplitRule before, after;
    private readonly SplitOverride[] added;

    private SplitPlan(
        string dataPath, List<(SamplePair Pair, string Hash)> photos, SplitRule before, SplitRule after, SplitOverride[] added) =>
        (DataPath, this.photos, this.before, this.after, this.added) = (dataPath, photos, before, after, added);

    /// <summary>The folder.</summary>
    public string DataPath { get; }

    /// <summary>The new fractions.</summary>
    public SplitFractions Fractions => after.Fractions;

    /// <summary>Error messages of photos that cannot be read, and so were not compared with others.</summary>
    public IReadOnlyList<string> Faults { get; private init; } = [];

    /// <summary>Whether the fractions of an existing split change, which moves photos.</summary>
    public bool MovesPhotos { get; private init; }

    /// <summary>Number of photos that move into the test part.</summary>
    public int IntoTest => photos.Count(p => Assign(before, p) != DatasetSplit.Test && Assign(after, p) == DatasetSplit.Test);

    /// <summary>Number of photos that leave the test part.</summary>
    public int OutOfTest => photos.Count(p => Assign(before, p) == DatasetSplit.Test && Assign(after, p) != DatasetSplit.Test);

    /// <summary>Number of overrides to store.</summary>
    public int NewOverrides => added.Length;

    /// <summary>Whether there is anything to store.</summary>
    public bool HasChanges => added.Length > 0 || before.Store.Fractions != Fractions;

    /// <summary>Analyzes a data set.</summary>
    /// <param name="dataPath">The folder.</param>
    /// <param name="train">Training fraction; null for the stored one, or 0.8.</param>
    /// <param name="validation">Validation fraction; null for the stored one, or 0.1.</param>
    /// <param name="cacheFolder">The folder of all caches; null for no cache.</param>
    /// <param name="progress">Called with the number of photos done and the total.</param>
    /// <param name="cancellation">Cancels between two photos.</param>
    /// <exception cref="DatasetException">The folder is not a data set, has no pair, or its stored split cannot be read.</exception>
    /// <exception cref="SettingsException">The fractions are invalid.</exception>
    /// <exception cref="PhotoException">A photo's file cannot be opened.</exception>
    public static SplitPlan Create(
        string dataPath, double? train, double? validation, string? cacheFolder, Action<int, int>? progress, CancellationToken cancellation)
    {
        var listing = DatasetListing.Read(dataPath);
        if (listing.Pairs.Count == 0) throw listing.NoPairs();
        var store = SplitStore.Read(dataPath);
        bool wasSplit = store.Fractions is not null || store.Overrides.Any(e => e.Reason != SplitReason.Repaired)
            || Directory.Exists(SplitFolder.DecisionsPathFor(dataPath));
        var before = SplitRule.For(store, null);
        var fractions = train is null && validation is null
            ? before.Fractions
            : new SplitFractions(train ?? before.Fractions.Train, validation ?? before.Fractions.Validation);
        var rule = SplitRule.For(store.With(fractions, []), null);

        var photos = new List<(SamplePair Pair, string Hash)>(listing.Pairs.Count);
        var readable = new List<(PhotoFacts Facts, string Name)>(listing.Pairs.Count);
        var faults = new List<string>();
        foreach (var facts in new PairReader(cacheFolder).Read(listing, null, cancellation))
        {
            if (facts.Photo is { } photo) readable.Add((photo, facts.Pair.Name));
            else faults.Add(facts.PhotoFault ?? "");
            photos.Add((facts.Pair, facts.Photo?.Hash ?? FileHash.Compute(facts.Pair.ImagePath)));
            progress?.Invoke(photos.Count, listing.Pairs.Count);
        }

        // In the order of Test-WmsDataset, so that both find the same matches.
        var matches = DuplicateSearch.Find([.. readable.Select(p => p.Facts)], cancellation);
        var joins = wasSplit ? new SplitJoiner(rule).Join(readable, matches, readable.Count) : JoinFirst(rule, readable, matches);
        SplitOverride[] added = [.. joins.Select(j => j.Override)];
        return new SplitPlan(dataPath, photos, before, rule.With(added), added)
        {
            Faults = faults,
            MovesPhotos = wasSplit && fractions != before.Fractions,
        };
    }

    /// <summary>
    /// Joins the photos of a data set without a stored split. No photo is older than another, so they are ordered by hash, which renaming
    /// does not change.
    /// </summary>
    private static IReadOnlyList<SplitJoin> JoinFirst(
        SplitRule rule, List<(PhotoFacts Facts, string Name)> photos, IReadOnlyList<PhotoMatch> matches)
    {
        int[] order = [.. Enumerable.Range(0, photos.Count).OrderBy(i => photos[i].Facts.Hash, StringComparer.Ordinal).ThenBy(i => i)];
        int[] ranks = new int[order.Length];
        foreach (var (rank, photo) in order.Index()) ranks[photo] = rank;
        var ordered = matches.Select(m => m with
        {
            Index = Math.Max(ranks[m.Index], ranks[m.Earlier]),
            Earlier = Math.Min(ranks[m.Index], ranks[m.Earlier]),
        });
        return new SplitJoiner(rule).Join([.. order.Select(i => photos[i])], [.. ordered], firstNew: 0);
    }

    /// <summary>Stores the overrides and fractions. If it is interrupted, the split stays valid and the next run stores the rest.</summary>
    /// <exception cref="DatasetException">A file cannot be written.</exception>
    public void Store()
    {
        SplitStore.Add(DataPath, added);
        if (before.Store.Fractions != Fractions) SplitStore.Write(DataPath, Fractions);
    }

    /// <summary>Returns the report of the split as it is after <see cref="Store"/>.</summary>
    /// <param name="minimumPhotos">Test photos that a comparison needs for a verdict.</param>
    public DatasetSplitReport Report(int minimumPhotos)
    {
        var counts = photos.CountBy(p => Assign(after, p)).ToDictionary();
        var distinct = photos.DistinctBy(p => p.Hash).ToList(); // a comparison counts identical files once
        string[] tested = [.. distinct.Where(p => Assign(after, p) == DatasetSplit.Test).Select(p => p.Hash)];
        int aside = counts.GetValueOrDefault(DatasetSplit.Aside);
        var advice = SplitAdvice.Create(after, [.. distinct.Select(p => (p.Hash, p.Pair.Name))], minimumPhotos);
        return new DatasetSplitReport
        {
            DataPath = DataPath,
            Photos = photos.Count,
            TrainPhotos = counts.GetValueOrDefault(DatasetSplit.Train),
            ValidationPhotos = counts.GetValueOrDefault(DatasetSplit.Validation),
            TestPhotos = counts.GetValueOrDefault(DatasetSplit.Test),
            AsidePhotos = aside,
            JoinedPhotos = Photos().Count(p => p.Reason == SplitReason.Resembles && p.Split != DatasetSplit.Aside),
            NewExceptions = added.Length,
            Train = Fractions.Train,
            Validation = Fractions.Validation,
            Test = Math.Round(Fractions.Test, 9),
            SplitDigest = FileHash.Combine(photos.Select(p => DatasetContents.DigestLine(p.Hash, Assign(after, p)))),
            TestDigest = FileHash.Combine(tested),
            MinimumPhotos = minimumPhotos,
            IsTestLargeEnough = tested.Length >= minimumPhotos,
            MissingTestPhotos = Math.Max(0, minimumPhotos - tested.Length),
            SuggestedTrain = advice.Fractions?.Train,
            SuggestedValidation = advice.Fractions?.Validation,
            SuggestedTest = advice.Fractions is { } suggested ? Math.Round(suggested.Test, 9) : null,
            Advice = advice.Text,
        };
    }

    /// <summary>Returns the photos with overrides, ordered by name: one record for each, of the override that decides.</summary>
    public IEnumerable<DatasetSplitPhoto> Photos()
    {
        var stored = after.Store.Overrides.GroupBy(e => e.Photo, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.ToArray(), StringComparer.Ordinal);
        var paths = photos.GroupBy(p => p.Hash, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.First().Pair.ImagePath, StringComparer.Ordinal);
        foreach (var photo in photos)
        {
            if (Deciding(photo.Hash) is not { } deciding) continue;
            yield return new DatasetSplitPhoto
            {
                Name = photo.Pair.Name,
                ImagePath = photo.Pair.ImagePath,
                Split = Assign(after, photo),
                HashSplit = Fractions.AssignByHash(photo.Hash),
                Reason = deciding.Reason,
                IsDisputed = after.IsDisputed(photo.Hash, photo.Pair.Name),
                OtherPath = paths.GetValueOrDefault(deciding.Other)
                    ?? after.LinkedHashes(deciding.Other).Select(paths.GetValueOrDefault)
                        .FirstOrDefault(path => path is not null && path != photo.Pair.ImagePath),
                OtherHash = deciding.Other,
            };
        }

        // Overrides of the file before its repairs apply too.
        SplitOverride? Deciding(string hash) =>
            (stored.GetValueOrDefault(hash) ?? [])
            .Concat(after.Origin(hash) is var origin && origin != hash ? stored.GetValueOrDefault(origin) ?? [] : [])
            .MinBy(e => e.Reason switch { SplitReason.SetAside => 0, SplitReason.Resembles => 1, _ => 2 });
    }

    private static DatasetSplit Assign(SplitRule rule, (SamplePair Pair, string Hash) photo) => rule.Assign(photo.Hash, photo.Pair.Name);
}
