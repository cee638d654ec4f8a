using WaterMeters.Ml.Datasets.Duplicates;
using WaterMeters.Ml.Datasets.Facts;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Datasets.Splits;

/// <summary>A data set that was looked over for photos that show the same, and what is to be stored of its split. Nothing is until <see cref="Store"/>.</summary>
public sealed class SplitPlan
{
    private readonly List<(SamplePair Pair, string Hash)> photos;
    private readonly SplitRule before, after;
    private readonly SplitOverride[] added;

    private SplitPlan(string dataPath, List<(SamplePair Pair, string Hash)> photos, SplitRule before, SplitRule after, SplitOverride[] added) =>
        (DataPath, this.photos, this.before, this.after, this.added) = (dataPath, photos, before, after, added);

    /// <summary>The folder.</summary>
    public string DataPath { get; }

    /// <summary>The fractions that hold from now on.</summary>
    public SplitFractions Fractions => after.Fractions;

    /// <summary>Photos whose part is not known to be their only one, for they cannot be read; the first of them says why.</summary>
    public IReadOnlyList<string> Faults { get; private init; } = [];

    /// <summary>Whether fractions change by which photos have had their parts.</summary>
    public bool MovesPhotos { get; private init; }

    /// <summary>Photos that come into the test part by that.</summary>
    public int IntoTest => photos.Count(p => Place(before, p) != DatasetSplit.Test && Place(after, p) == DatasetSplit.Test);

    /// <summary>Photos that leave it.</summary>
    public int OutOfTest => photos.Count(p => Place(before, p) == DatasetSplit.Test && Place(after, p) != DatasetSplit.Test);

    /// <summary>Photos of which something new is to be stored.</summary>
    public int NewExceptions => added.Length;

    /// <summary>Whether there is anything to store.</summary>
    public bool IsNew => added.Length > 0 || before.Store.Fractions != Fractions;

    /// <summary>Looks a data set over.</summary>
    /// <param name="dataPath">Its folder.</param>
    /// <param name="train">Fraction to train on; null for what is stored, or 0.8.</param>
    /// <param name="validation">Fraction for validation; null for what is stored, or 0.1.</param>
    /// <param name="cacheFolder">Where is kept what was seen; null for nowhere.</param>
    /// <param name="measured">Hears how many photos have been looked at, of how many.</param>
    /// <param name="cancellation">Stops between two photos.</param>
    /// <exception cref="DatasetException">It is no data set, holds no pair, or what is stored of its split cannot be read.</exception>
    /// <exception cref="SettingsException">The fractions are none.</exception>
    /// <exception cref="PhotoException">A photo's file cannot be read at all.</exception>
    public static SplitPlan Make(string dataPath, double? train, double? validation, string? cacheFolder, Action<int, int>? measured, CancellationToken cancellation)
    {
        var listing = DatasetListing.Read(dataPath);
        if (listing.Pairs.Count == 0) throw new DatasetException(dataPath, $"'{dataPath}' holds {listing.ImageCount} photos and {listing.MaskCount} masks, but no pair of the same name. See Test-WmsDataset '{dataPath}' -PerFinding.");
        var store = SplitStore.Read(dataPath);
        bool wasSplit = store.Fractions is not null || store.Exceptions.Any(e => e.Reason != SplitReason.Repaired) || Directory.Exists(SplitFolder.DecisionsPathFor(dataPath));
        var before = SplitRule.For(store, null);
        var fractions = train is null && validation is null ? before.Fractions : new SplitFractions(train ?? before.Fractions.Train, validation ?? before.Fractions.Validation);
        var rule = SplitRule.For(store.With(fractions, []), null);

        var photos = new List<(SamplePair Pair, string Hash)>(listing.Pairs.Count);
        var readable = new List<(PhotoFacts Facts, string Name)>(listing.Pairs.Count);
        var faults = new List<string>();
        foreach (var facts in new PairReader(cacheFolder).Read(listing, null, cancellation))
        {
            if (facts.Photo is { } photo) readable.Add((photo, facts.Pair.Name));
            else faults.Add(facts.PhotoFault ?? "");
            photos.Add((facts.Pair, facts.Photo?.Hash ?? FileHash.Compute(facts.Pair.ImagePath)));
            measured?.Invoke(photos.Count, listing.Pairs.Count);
        }

        // In the order in which Test-WmsDataset looks: what it would find is what is to be joined.
        var matches = DuplicateSearch.Find([.. readable.Select(p => p.Facts)], cancellation);
        var joins = wasSplit ? new SplitJoiner(rule).Join(readable, matches, readable.Count) : JoinFirst(rule, readable, matches);
        SplitOverride[] added = [.. joins.Select(j => j.Exception)];
        return new SplitPlan(dataPath, photos, before, rule.With(added), added) { Faults = faults, MovesPhotos = wasSplit && fractions != before.Fractions };
    }

    /// <summary>Where nothing was ever stored no photo is older than another: they come in the order of their hashes, which no renaming changes.</summary>
    private static IReadOnlyList<SplitJoin> JoinFirst(SplitRule rule, List<(PhotoFacts Facts, string Name)> photos, IReadOnlyList<PhotoMatch> matches)
    {
        int[] order = [.. Enumerable.Range(0, photos.Count).OrderBy(i => photos[i].Facts.Hash, StringComparer.Ordinal).ThenBy(i => i)];
        int[] places = new int[order.Length];
        foreach (var (place, photo) in order.Index()) places[photo] = place;
        var ordered = matches.Select(m => m with { Index = Math.Max(places[m.Index], places[m.Earlier]), Earlier = Math.Min(places[m.Index], places[m.Earlier]) });
        return new SplitJoiner(rule).Join([.. order.Select(i => photos[i])], [.. ordered], firstNew: 0);
    }

    /// <summary>Stores what is new. Killed half-way it is a split too, and the next run does the rest.</summary>
    /// <exception cref="DatasetException">Something cannot be written.</exception>
    public void Store()
    {
        SplitStore.Add(DataPath, added);
        if (before.Store.Fractions != Fractions) SplitStore.Write(DataPath, Fractions);
    }

    /// <summary>The split as it is once that is stored.</summary>
    /// <param name="minimumPhotos">Photos that a comparison needs for a verdict.</param>
    public DatasetSplitReport Report(int minimumPhotos)
    {
        var counts = photos.CountBy(p => Place(after, p)).ToDictionary();
        var different = photos.DistinctBy(p => p.Hash).ToList(); // a comparison counts a file once, however often it is there
        string[] tested = [.. different.Where(p => Place(after, p) == DatasetSplit.Test).Select(p => p.Hash)];
        int aside = counts.GetValueOrDefault(DatasetSplit.Aside);
        var advice = SplitAdvice.Create(after, [.. different.Select(p => (p.Hash, p.Pair.Name))], minimumPhotos);
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
            SplitDigest = FileHash.Combine(photos.Select(p => DatasetContents.DigestLine(p.Hash, Place(after, p)))),
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

    /// <summary>The photos of which something is stored, by name: one record a photo, of what decides.</summary>
    public IEnumerable<DatasetSplitPhoto> Photos()
    {
        var stored = after.Store.Exceptions.GroupBy(e => e.Photo, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.ToArray(), StringComparer.Ordinal);
        var paths = photos.GroupBy(p => p.Hash, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First().Pair.ImagePath, StringComparer.Ordinal);
        foreach (var photo in photos)
        {
            if (Deciding(photo.Hash) is not { } exception) continue;
            yield return new DatasetSplitPhoto
            {
                Name = photo.Pair.Name,
                ImagePath = photo.Pair.ImagePath,
                Split = Place(after, photo),
                HashSplit = Fractions.AssignByHash(photo.Hash),
                Reason = exception.Reason,
                IsDisputed = after.IsDisputed(photo.Hash, photo.Pair.Name),
                OtherPath = paths.GetValueOrDefault(exception.Other) ?? after.LinkedHashes(exception.Other).Select(paths.GetValueOrDefault).FirstOrDefault(path => path is not null && path != photo.Pair.ImagePath),
                OtherHash = exception.Other,
            };
        }

        // What is said of the photo before its repairs holds for it too.
        SplitOverride? Deciding(string hash) =>
            (stored.GetValueOrDefault(hash) ?? []).Concat(after.Origin(hash) is var origin && origin != hash ? stored.GetValueOrDefault(origin) ?? [] : [])
            .MinBy(e => e.Reason switch { SplitReason.SetAside => 0, SplitReason.Resembles => 1, _ => 2 });
    }

    private static DatasetSplit Place(SplitRule rule, (SamplePair Pair, string Hash) photo) => rule.Assign(photo.Hash, photo.Pair.Name);
}
