using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Datasets.Facts;
using WaterMeters.Ml.Datasets.Splits;

namespace WaterMeters.Ml.Datasets.Merging;

/// <summary>
/// Merges the pairs of data sets into another one, by content. Existing files are never replaced, and existing photos keep their parts. The
/// overrides of a photo are stored before its mask, and the mask before the photo. So an interrupted merge leaves no photo in a wrong part,
/// and the next one finishes it.
/// </summary>
/// <param name="destination">The data set to merge into; a folder that does not exist is created.</param>
/// <param name="settings">The severity of each check; a pair with an error is not merged.</param>
/// <param name="rename">Gives a pair another name if its name is in use.</param>
/// <param name="cacheFolder">The folder of all caches; null for no cache.</param>
public sealed class DatasetMerger(string destination, CheckSettings settings, bool rename, string? cacheFolder = null)
{
    private readonly PairReader reader = new(cacheFolder);
    private readonly List<MergeStep> steps = [];
    private readonly Dictionary<string, List<(string Image, string Mask, string ReadableMask)>> existing = new(StringComparer.Ordinal);
    private MergeTarget target = null!;
    private SplitRule identities = new();

    /// <summary>Decides the outcome for every pair. Nothing is written.</summary>
    /// <param name="sources">The folders of the data sets to merge.</param>
    /// <param name="refused">Called for each source that cannot be used; the others are still merged.</param>
    /// <param name="progress">Called with the number of pairs done and the total.</param>
    /// <param name="cancellation">Cancels between two pairs.</param>
    /// <exception cref="DatasetException">The destination cannot be used.</exception>
    public MergePlan Plan(
        IReadOnlyList<string> sources, Action<DatasetException> refused, Action<int, int>? progress, CancellationToken cancellation)
    {
        target = MergeTarget.Read(destination);
        var listings = ReadListings(sources, refused);
        var allRepairs = listings.SelectMany(s => s.Store.Overrides.Where(e => e.Reason == SplitReason.Repaired));
        identities = SplitRule.For(target.Store.With(allRepairs), null);
        int done = 0, all = (target.Listing?.Pairs.Count ?? 0) + listings.Sum(s => s.Listing.Pairs.Count);

        var old = new List<PairFacts>();
        var present = new HashSet<string>(StringComparer.Ordinal);
        foreach (var facts in target.Listing is { } listed ? Measure(listed) : [])
        {
            if (facts.Photo is null) continue;
            old.Add(facts);
            present.Add(identities.Origin(facts.Photo.Hash));
            Remember(facts.Photo.Hash, facts.Pair, facts.Pair.MaskPath);
        }

        foreach (var (listing, store) in listings)
        {
            var stored = store.Overrides.ToLookup(e => identities.Origin(e.Photo));
            foreach (var facts in Measure(listing))
            {
                steps.Add(Decide(new MergePair(
                    facts, facts.Photo is null ? [] : CarriedOverrides.For(facts.Photo.Hash, stored, identities, present.Contains))));
            }

            AddUnpaired(listing);
        }

        return MergePlan.Create(target, steps, old, cancellation);

        IEnumerable<PairFacts> Measure(DatasetListing listing)
        {
            foreach (var facts in reader.Read(listing, null, cancellation))
            {
                yield return facts;
                progress?.Invoke(++done, all);
            }
        }
    }

    private static List<(DatasetListing Listing, SplitStore Store)> ReadListings(
        IReadOnlyList<string> sources, Action<DatasetException> refused)
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

    private void AddUnpaired(DatasetListing listing)
    {
        foreach (string path in listing.PhotosWithoutMask)
        {
            steps.Add(Unpaired(path, null, "The photo has no mask of the same name. Add the mask, then run the command again."));
        }

        foreach (string path in listing.MasksWithoutPhoto)
        {
            steps.Add(Unpaired(null, path, "The mask has no photo of the same name. Add the photo, then run the command again."));
        }

        foreach (var (path, first) in listing.DuplicateNames.SelectMany(group => group.Skip(1).Select(path => (path, group[0]))))
        {
            string name = Path.GetFileName(first);
            steps.Add(IsMask(listing, path)
                ? Unpaired(null, path, $"The mask '{name}' has the same name. Rename one of the two.", first)
                : Unpaired(path, null, $"The photo '{name}' has the same name. Rename one of the two, with its mask.", first));
        }
    }

    private static bool IsMask(DatasetListing listing, string path) =>
        Path.GetDirectoryName(path) == DatasetListing.Subfolder(listing.DataPath, "masks");

    private static MergeStep Unpaired(string? image, string? mask, string reason, string? other = null) => new()
    {
        Record = new DatasetMerge
        {
            Name = Path.GetFileNameWithoutExtension(image ?? mask)!,
            Outcome = MergeOutcome.Unusable,
            SourceImagePath = image,
            SourceMaskPath = mask,
            OtherPath = other,
            Reason = reason,
        },
    };

    private MergeStep Decide(MergePair pair)
    {
        var (facts, files) = (pair.Facts, pair.Facts.Pair);
        if ((facts.PhotoFault ?? facts.MaskFault) is { } fault) return Step(MergeOutcome.Unusable, fault);
        string hash = facts.Photo!.Hash;
        if (existing.TryGetValue(identities.Origin(hash), out var same)) return SamePhoto(same);

        var error = PairChecks.Run(facts)
            .FirstOrDefault(result => result.Check != DatasetCheck.NameCase && settings.Severity(result.Check) == FindingSeverity.Error);
        if (error is not null) return Step(MergeOutcome.Unusable, $"{error.Check}: {error.Message}");

        string name = files.Name;
        string? conflict = target.FindConflict(name, files);
        if (conflict is not null && rename)
        {
            name = $"{name}-{hash[..8]}";
            if (target.FindConflict(name, files) is null)
            {
                return Copied(MergeOutcome.Renamed, $"The pair is new, but '{Path.GetFileName(conflict)}' has the same name.", conflict);
            }
        }

        if (conflict is null) return Copied(MergeOutcome.Added, "The pair is new.", null);
        return Step(
            MergeOutcome.NameConflict,
            $"'{Path.GetFileName(conflict)}' has the same name but other content. Rename the pair, or use -Rename.",
            conflict);

        MergeStep Copied(MergeOutcome outcome, string reason, string? other)
        {
            string image = target.ImagePath(name, files), mask = target.MaskPath(name, files);
            target.Reserve(name);
            Remember(hash, new SamplePair(name, image, mask), files.MaskPath);
            var record = Record(outcome, reason, other) with { Name = name, ImagePath = image, MaskPath = mask };
            return new MergeStep { Pair = pair, Record = record };
        }

        MergeStep SamePhoto(List<(string Image, string Mask, string ReadableMask)> pairs)
        {
            var (image, mask, _) = pairs.Find(p => MaskComparer.IsSame(facts, p.ReadableMask));
            if (image is null)
            {
                return Step(
                    MergeOutcome.MaskConflict,
                    $"The photo exists as '{Path.GetFileName(pairs[0].Image)}' with another mask, so one of the two is wrong. "
                        + "Check both, and keep the right one.",
                    pairs[0].Mask);
            }

            string reason = $"The photo exists as '{Path.GetFileName(image)}' with the same mask.";
            var record = Record(MergeOutcome.AlreadyThere, reason, image) with { ImagePath = image, MaskPath = mask };
            return new MergeStep { Pair = pair, Record = record };
        }

        MergeStep Step(MergeOutcome outcome, string reason, string? other = null) =>
            new() { Pair = pair, Record = Record(outcome, reason, other) };

        DatasetMerge Record(MergeOutcome outcome, string reason, string? other) => new()
        {
            Name = files.Name,
            Outcome = outcome,
            SourceImagePath = files.ImagePath,
            SourceMaskPath = files.MaskPath,
            OtherPath = other,
            Reason = reason,
        };
    }

    private void Remember(string hash, SamplePair pair, string readableMask)
    {
        string origin = identities.Origin(hash);
        if (!existing.TryGetValue(origin, out var pairs)) existing.Add(origin, pairs = []);
        pairs.Add((pair.ImagePath, pair.MaskPath, readableMask));
    }
}
