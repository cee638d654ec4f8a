using WaterMeters.Ml.Datasets.Duplicates;
using WaterMeters.Ml.Datasets.Facts;
using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Datasets.Merging;

/// <summary>What is to become of all pairs, and the copying of those that are wanted.</summary>
public sealed class MergePlan
{
    private readonly MergeTarget target;
    private readonly List<(PhotoFacts Facts, string Name)> photos;
    private readonly List<MergeStep> copied;
    private readonly IReadOnlyList<PhotoMatch> matches;
    private readonly int firstNew;

    private MergePlan(MergeTarget target, List<MergeStep> steps, List<PairFacts> old, CancellationToken cancellation)
    {
        this.target = target;

        // Photos that came with a broken-off merge of the same data sets stand where they stood then, just before the new ones: what is
        // stored of these does not depend on where it was broken off.
        var present = steps.Where(s => s is { Record.Outcome: MergeOutcome.AlreadyThere, Pair: not null }).Select(s => s.Pair!.Facts.Photo!.Hash).Distinct().Index().ToDictionary(s => s.Item, s => s.Index);
        photos = [.. old.OrderBy(facts => present.GetValueOrDefault(facts.Photo!.Hash, -1)).Select(facts => (facts.Photo!, facts.Pair.Name))];
        firstNew = photos.Count;
        copied = [.. steps.Where(s => s.IsCopied)];
        photos.AddRange(copied.Select(s => (s.Pair!.Facts.Photo!, s.Record.Name)));
        matches = copied.Count == 0 ? [] : [.. DuplicateSearch.Find([.. photos.Select(p => p.Facts)], cancellation, firstNew)];
        var placed = Placed(copied);
        var rule = SplitRule.For(target.Store, null);
        Steps = [.. steps.Select(step => placed.TryGetValue(step, out var known) ? known : Present(step, rule))];
        copied = [.. Steps.Where(s => s.IsCopied)];
    }

    /// <summary>All steps, in the order of the data sets and their names.</summary>
    public IReadOnlyList<MergeStep> Steps { get; }

    /// <summary>Makes the plan of what was decided.</summary>
    internal static MergePlan Create(MergeTarget target, List<MergeStep> steps, List<PairFacts> old, CancellationToken cancellation) => new(target, steps, old, cancellation);

    /// <summary>Copies pairs, each when its record is asked for.</summary>
    /// <param name="wanted">Those of <see cref="Steps"/> that are to be copied.</param>
    /// <param name="tell">Hears each thing before it is done.</param>
    /// <param name="cancellation">Stops between two pairs.</param>
    /// <exception cref="DatasetException">A file cannot be written, or another program wrote it meanwhile.</exception>
    public IEnumerable<DatasetMerge> Apply(IReadOnlyList<MergeStep> wanted, Action<string>? tell, CancellationToken cancellation)
    {
        var files = new SafeFileWriter(tell);
        if (wanted.Count > 0)
        {
            // Both before any file: a merge that is broken off leaves a data set, which the next one can finish.
            SafeFileWriter.MakeFolder(target.ImageFolder);
            SafeFileWriter.MakeFolder(target.MaskFolder);
        }

        foreach (var record in Steps.Select(s => s.Record).Where(r => r.ImagePath is not null))
        {
            files.Tidy(record.ImagePath!);
            files.Tidy(record.MaskPath!);
        }

        // Who leaves some out may leave out what others were to join.
        var chosen = wanted.ToHashSet();
        var placed = wanted.Count == copied.Count ? null : Placed([.. copied.Where(chosen.Contains)]);
        foreach (var step in wanted)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return Apply(placed?.GetValueOrDefault(step) ?? step, files);
        }
    }

    private DatasetMerge Apply(MergeStep step, SafeFileWriter files)
    {
        var record = step.Record;
        byte[] image, mask;
        try
        {
            image = SafeFileWriter.Read(record.SourceImagePath!);
            mask = SafeFileWriter.Read(record.SourceMaskPath!);
        }
        catch (PhotoException e)
        {
            return Unusable(e.Message);
        }

        if (FileHash.ComputeBytes(image) != step.Pair!.Facts.Photo!.Hash) return Unusable("Another program changed it meanwhile. Run it again.");
        if (step.Exceptions.Count > 0)
        {
            files.Tell($"{record.Name}: storing its place");
            SplitStore.Add(target.DataPath, step.Exceptions);
        }

        // The mask first: alone it is a rest, and a photo without one would be a fault of the set.
        files.Copy(record.MaskPath!, mask);
        files.Copy(record.ImagePath!, image);
        return record;

        DatasetMerge Unusable(string reason) => record with { Outcome = MergeOutcome.Unusable, ImagePath = null, MaskPath = null, Split = null, Reason = reason };
    }

    /// <summary>The steps with the places of their photos, when these and no others are copied.</summary>
    private Dictionary<MergeStep, MergeStep> Placed(IReadOnlyList<MergeStep> steps)
    {
        var rule = SplitRule.For(target.Store.With(steps.SelectMany(s => s.Pair!.Repairs)), null);
        var chosen = steps.ToHashSet();
        var left = Enumerable.Range(firstNew, copied.Count).Where(place => !chosen.Contains(copied[place - firstNew])).ToHashSet();
        var joins = new SplitJoiner(rule).Join(photos, [.. matches.Where(m => !left.Contains(m.Index) && !left.Contains(m.Earlier))], firstNew).ToLookup(j => j.Photo);
        var placed = new Dictionary<MergeStep, MergeStep>();
        foreach (var (index, step) in copied.Index().Where(s => !left.Contains(firstNew + s.Index)))
        {
            var join = joins[firstNew + index].ToList();
            var split = join.Count > 0 ? join[0].Split : rule.Assign(step.Pair!.Facts.Photo!.Hash, step.Record.Name);
            var unplaced = step.Unplaced ?? step.Record;
            var record = unplaced with { Split = split };
            if (join.Count > 0)
            {
                string other = NameOf(join[0].Other);
                record = record with
                {
                    OtherPath = unplaced.OtherPath ?? other,
                    Reason = unplaced.Reason.TrimEnd('.') + (join[0].Exception.Reason == SplitReason.SetAside
                        ? $". It shows what photos of two parts show, '{Path.GetFileName(other)}' one of them, and is set aside: no model sees it."
                        : $". It shows what '{Path.GetFileName(other)}' shows, and goes into the same part."),
                };
            }

            placed.Add(step, new MergeStep { Pair = step.Pair, Record = record, Unplaced = unplaced, Exceptions = [.. step.Pair!.Repairs, .. join.Select(j => j.Exception)] });
        }

        return placed;

        string NameOf(int photo) => photo >= firstNew ? copied[photo - firstNew].Record.ImagePath! : target.Listing!.Pairs.First(p => p.Name == photos[photo].Name).ImagePath;
    }

    private static MergeStep Present(MergeStep step, SplitRule rule) =>
        step.Record.Outcome != MergeOutcome.AlreadyThere ? step : new MergeStep
        {
            Pair = step.Pair,
            Record = step.Record with { Split = rule.Assign(step.Pair!.Facts.Photo!.Hash, Path.GetFileNameWithoutExtension(step.Record.ImagePath)!) },
        };
}
