using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Datasets.Facts;
using WaterMeters.Ml.Datasets.Splits;

namespace WaterMeters.Ml.Datasets.Merging;

/// <summary>
/// Lets the pairs of data sets join another one, by their content. Nothing that is there is replaced or moved, neither its file nor its
/// part. What has to be known of a photo's place is stored before the photo is there, and its mask before it: a merge that ends anywhere
/// leaves no photo that a model must not see, and the next one finishes it.
/// </summary>
/// <param name="destination">The data set that the others join; a folder that is not there yet is made.</param>
/// <param name="settings">What each check weighs: a pair with an error stays out.</param>
/// <param name="rename">Gives a pair whose name is taken another one.</param>
/// <param name="cacheFolder">Where is kept what was seen; null for nowhere.</param>
public sealed class DatasetMerger(string destination, CheckSettings settings, bool rename, string? cacheFolder = null)
{
    private readonly PairReader reader = new(cacheFolder);
    private readonly List<MergeStep> steps = [];
    private readonly Dictionary<string, List<(string Image, string Mask, string ReadableMask)>> there = new(StringComparer.Ordinal);
    private MergeTarget target = null!;
    private SplitRule identities = new();

    /// <summary>Says what is to become of every pair. Nothing is written.</summary>
    /// <param name="sources">The folders of the data sets that join.</param>
    /// <param name="refused">Hears of a folder that cannot be used; the others go on.</param>
    /// <param name="measured">Hears how many pairs were looked at, of how many.</param>
    /// <param name="cancellation">Stops between two pairs.</param>
    /// <exception cref="DatasetException">The destination cannot be used.</exception>
    public MergePlan Plan(IReadOnlyList<string> sources, Action<DatasetException> refused, Action<int, int>? measured, CancellationToken cancellation)
    {
        target = MergeTarget.Read(destination);
        var listings = Listed(sources, refused);
        identities = SplitRule.For(target.Store.With(listings.SelectMany(s => s.Store.Exceptions.Where(e => e.Reason == SplitReason.Repaired))), null);
        int done = 0, all = (target.Listing?.Pairs.Count ?? 0) + listings.Sum(s => s.Listing.Pairs.Count);

        var old = new List<PairFacts>();
        foreach (var facts in target.Listing is { } listed ? Measure(listed) : [])
        {
            if (facts.Photo is null) continue;
            old.Add(facts);
            Remember(facts.Photo.Hash, facts.Pair, facts.Pair.MaskPath);
        }

        foreach (var (listing, store) in listings)
        {
            var repairs = store.Exceptions.Where(e => e.Reason == SplitReason.Repaired).ToLookup(e => identities.Origin(e.Photo));
            foreach (var facts in Measure(listing)) steps.Add(Decide(new MergePair(facts, facts.Photo is null ? [] : [.. repairs[identities.Origin(facts.Photo.Hash)]])));
            steps.AddRange(listing.PhotosWithoutMask.Select(path => Single(path, null, "It has no mask of its name. Add the mask, and run it again.")));
            steps.AddRange(listing.MasksWithoutPhoto.Select(path => Single(null, path, "It has no photo of its name. Add the photo, and run it again.")));
            var twins = listing.DuplicateNames.SelectMany(group => group.Skip(1).Select(path => (Path: path, First: group[0])));
            steps.AddRange(twins.Select(twin => IsMask(listing, twin.Path)
                ? Single(null, twin.Path, "Another mask has its name. Rename one of the two.", twin.First)
                : Single(twin.Path, null, "Another photo has its name. Rename one, and its mask with it.", twin.First)));
        }

        return MergePlan.Create(target, steps, old, cancellation);

        IEnumerable<PairFacts> Measure(DatasetListing listing)
        {
            foreach (var facts in reader.Read(listing, null, cancellation))
            {
                yield return facts;
                measured?.Invoke(++done, all);
            }
        }
    }

    private static List<(DatasetListing Listing, SplitStore Store)> Listed(IReadOnlyList<string> sources, Action<DatasetException> refused)
    {
        var listings = new List<(DatasetListing, SplitStore)>();
        foreach (string source in sources)
        {
            try
            {
                listings.Add((DatasetListing.Read(source), SplitStore.Read(source)));
            }
            catch (DatasetException e)
            {
                refused(e);
            }
        }

        return listings;
    }

    private static bool IsMask(DatasetListing listing, string path) =>
        Path.GetDirectoryName(path) == DatasetListing.Subfolder(listing.DataPath, "masks");

    private static MergeStep Single(string? image, string? mask, string reason, string? other = null) => new()
    {
        Record = new DatasetMerge { Name = Path.GetFileNameWithoutExtension(image ?? mask)!, Outcome = MergeOutcome.Unusable, SourceImagePath = image, SourceMaskPath = mask, OtherPath = other, Reason = reason },
    };

    private MergeStep Decide(MergePair pair)
    {
        var (facts, files) = (pair.Facts, pair.Facts.Pair);
        if ((facts.PhotoFault ?? facts.MaskFault) is { } fault) return Step(MergeOutcome.Unusable, fault);
        string hash = facts.Photo!.Hash;
        if (there.TryGetValue(identities.Origin(hash), out var same)) return Repeated(same);

        var errors = PairChecks.Run(facts).Where(result => result.Check != DatasetCheck.NameCase && settings.Severity(result.Check) == FindingSeverity.Error).ToList();
        if (errors.Count > 0) return Step(MergeOutcome.Unusable, $"{errors[0].Check}: {errors[0].Message}");

        string name = files.Name;
        string? taken = target.TakenBy(name, files);
        if (taken is not null && rename)
        {
            name = $"{name}-{hash[..8]}";
            if (target.TakenBy(name, files) is null) return Copied(MergeOutcome.Renamed, $"It is new; '{Path.GetFileName(taken)}' has its name.", taken);
        }

        if (taken is not null) return Step(MergeOutcome.NameConflict, $"'{Path.GetFileName(taken)}' has its name and is another one. Rename the pair, or use -Rename.", taken);
        return Copied(MergeOutcome.Added, "It is new.", null);

        MergeStep Copied(MergeOutcome outcome, string reason, string? other)
        {
            target.Take(name);
            Remember(hash, new SamplePair(name, target.ImagePath(name, files), target.MaskPath(name, files)), files.MaskPath);
            var step = Step(outcome, reason, other);
            return new MergeStep { Pair = pair, Record = step.Record with { Name = name, ImagePath = target.ImagePath(name, files), MaskPath = target.MaskPath(name, files) } };
        }

        MergeStep Repeated(List<(string Image, string Mask, string ReadableMask)> pairs)
        {
            var (image, mask, _) = pairs.Find(p => MaskComparer.IsSame(facts, p.ReadableMask));
            if (image is null) return Step(MergeOutcome.MaskConflict, $"Its photo is there as '{Path.GetFileName(pairs[0].Image)}' with another mask, so one of the two masks is wrong. Look at both, and put the right one in its place.", pairs[0].Mask);
            var step = Step(MergeOutcome.AlreadyThere, $"Its photo is there as '{Path.GetFileName(image)}', with the same mask.", image);
            return new MergeStep { Pair = pair, Record = step.Record with { ImagePath = image, MaskPath = mask } };
        }

        MergeStep Step(MergeOutcome outcome, string reason, string? other = null) => new()
        {
            Pair = pair,
            Record = new DatasetMerge { Name = files.Name, Outcome = outcome, SourceImagePath = files.ImagePath, SourceMaskPath = files.MaskPath, OtherPath = other, Reason = reason },
        };
    }

    private void Remember(string hash, SamplePair pair, string readableMask)
    {
        string origin = identities.Origin(hash);
        if (!there.TryGetValue(origin, out var pairs)) there.Add(origin, pairs = []);
        pairs.Add((pair.ImagePath, pair.MaskPath, readableMask));
    }
}
