using WaterMeters.Ml.Datasets.Duplicates;
using WaterMeters.Ml.Datasets.Facts;
using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Runtime;

namespace WaterMeters.Ml.Datasets.Merging;

/// <summary>The planned outcome for all pairs. Copies the chosen pairs.</summary>
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

        // Photos copied by an interrupted merge of the same data sets are ordered as in that merge, just before the new ones. So the
        // overrides of the new photos do not depend on when it was interrupted.
        var present = steps.Where(s => s is { Record.Outcome: MergeOutcome.AlreadyThere, Pair: not null })
            .Select(s => s.Pair!.Facts.Photo!.Hash).Distinct().Index().ToDictionary(s => s.Item, s => s.Index);
        photos =
        [
            .. old.OrderBy(facts => present.GetValueOrDefault(facts.Photo!.Hash, -1)).Select(facts => (facts.Photo!, facts.Pair.Name)),
        ];
        firstNew = photos.Count;
        copied = [.. steps.Where(s => s.IsCopied)];
        photos.AddRange(copied.Select(s => (s.Pair!.Facts.Photo!, s.Record.Name)));
        matches = copied.Count == 0 ? [] : [.. DuplicateSearch.Find([.. photos.Select(p => p.Facts)], cancellation, firstNew)];
        var withSplit = AssignSplits(copied);
        var rule = SplitRule.For(target.Store, null);
        Steps = [.. steps.Select(step => withSplit.TryGetValue(step, out var assigned) ? assigned : WithExistingSplit(step, rule))];
        copied = [.. Steps.Where(s => s.IsCopied)];
    }

    /// <summary>All steps, in the order of the data sets and their names.</summary>
    public IReadOnlyList<MergeStep> Steps { get; }

    /// <summary>Creates the plan.</summary>
    internal static MergePlan Create(MergeTarget target, List<MergeStep> steps, List<PairFacts> old, CancellationToken cancellation) =>
        new(target, steps, old, cancellation);

    /// <summary>Copies pairs, each when its record is enumerated.</summary>
    /// <param name="wanted">The <see cref="Steps"/> to copy.</param>
    /// <param name="verbose">Called before each file operation.</param>
    /// <param name="cancellation">Cancels between two pairs.</param>
    /// <param name="failed">
    /// Called for a pair of which a file cannot be written, or was written by another program meanwhile; null throws instead. Its record
    /// has the outcome Unusable, and the other pairs are copied.
    /// </param>
    /// <exception cref="DatasetException">
    /// The disk is full, a folder cannot be created, or a file cannot be written and <paramref name="failed"/> is null.
    /// </exception>
    public IEnumerable<DatasetMerge> Apply(
        IReadOnlyList<MergeStep> wanted,
        Action<string>? verbose,
        CancellationToken cancellation,
        Action<DatasetException>? failed = null)
    {
        var files = new SafeFileWriter(verbose);
        if (wanted.Count > 0)
        {
            // Create both before any file, so that an interrupted merge leaves a data set that the next one can finish.
            SafeFileWriter.CreateFolder(target.ImageFolder);
            SafeFileWriter.CreateFolder(target.MaskFolder);
        }

        foreach (var record in Steps.Select(s => s.Record).Where(r => r.ImagePath is not null))
        {
            files.RemoveOrphans(record.ImagePath!);
            files.RemoveOrphans(record.MaskPath!);
        }

        // If some pairs are left out, others may have to follow another photo, or none.
        var chosen = wanted.ToHashSet();
        var withSplit = wanted.Count == copied.Count ? null : AssignSplits([.. copied.Where(chosen.Contains)]);
        foreach (var step in wanted)
        {
            cancellation.ThrowIfCancellationRequested();
            DatasetMerge record;
            try
            {
                record = Apply(withSplit?.GetValueOrDefault(step) ?? step, files);
            }
            catch (DatasetException e) when (failed is not null && !DiskSpace.IsFull(e.InnerException ?? e))
            {
                failed(e);
                record = Unusable(step.Record, e.Message);
            }

            yield return record;
        }
    }

    /// <summary>Returns the record of a pair that is to be copied, as long as nothing is written.</summary>
    public static DatasetMerge Preview(MergeStep step) => step.Record with
    {
        Outcome = step.Record.Outcome == MergeOutcome.Renamed ? MergeOutcome.WouldRename : MergeOutcome.WouldAdd,
    };

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
            return Unusable(record, e.Message);
        }

        if (FileHash.ComputeBytes(image) != step.Pair!.Facts.Photo!.Hash)
        {
            return Unusable(record, "Another program changed the photo meanwhile. Run the command again.");
        }

        if (FileHash.ComputeBytes(mask) != step.Pair.Facts.Mask!.Hash)
        {
            return Unusable(record, "Another program changed the mask meanwhile. Run the command again.");
        }

        if (step.Overrides.Count > 0)
        {
            files.Announce($"{record.Name}: storing split overrides");
            SplitStore.Add(target.DataPath, step.Overrides);
        }

        // The mask first: after a kill in between, the next call finishes the pair, and no training takes a photo without a mask.
        bool isNewMask = !File.Exists(record.MaskPath);
        files.Copy(record.MaskPath!, mask);
        try
        {
            files.Copy(record.ImagePath!, image);
        }
        catch (DatasetException) when (isNewMask)
        {
            RemoveMask(record.MaskPath!);
            throw;
        }

        return record;
    }

    private static void RemoveMask(string path)
    {
        try
        {
            HeldFile.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The error of the photo is the one to report; the check names a mask without a photo.
        }
    }

    private static DatasetMerge Unusable(DatasetMerge record, string reason) =>
        record with { Outcome = MergeOutcome.Unusable, ImagePath = null, MaskPath = null, Split = null, Reason = reason };

    /// <summary>Returns the steps with the parts and overrides of their photos, if exactly these are copied.</summary>
    private Dictionary<MergeStep, MergeStep> AssignSplits(IReadOnlyList<MergeStep> steps)
    {
        var rule = SplitRule.For(target.Store.With(steps.SelectMany(s => s.Pair!.Overrides)), null);
        var chosen = steps.ToHashSet();
        var leftOut = Enumerable.Range(firstNew, copied.Count).Where(index => !chosen.Contains(copied[index - firstNew])).ToHashSet();
        var used = matches.Where(m => !leftOut.Contains(m.Index) && !leftOut.Contains(m.Earlier));
        var joinsByPhoto = new SplitJoiner(rule).Join(photos, [.. used], firstNew).ToLookup(j => j.Photo);
        var assigned = new Dictionary<MergeStep, MergeStep>();
        foreach (var (index, step) in copied.Index().Where(s => !leftOut.Contains(firstNew + s.Index)))
        {
            var joins = joinsByPhoto[firstNew + index].ToList();
            var split = joins.Count > 0 ? joins[0].Split : rule.Assign(step.Pair!.Facts.Photo!.Hash, step.Record.Name);
            var original = step.RecordWithoutSplit ?? step.Record;
            var record = original with { Split = split };
            if (joins.Count > 0)
            {
                string other = PathOf(joins[0].Other), name = Path.GetFileName(other);
                record = record with
                {
                    OtherPath = original.OtherPath ?? other,
                    Reason = joins[0].Override.Reason == SplitReason.SetAside
                        ? $"{original.Reason} The photo resembles photos of two parts, such as '{name}', so it is set aside and not used."
                        : $"{original.Reason} The photo resembles '{name}', so it goes into the same part.",
                };
            }

            assigned.Add(step, new MergeStep
            {
                Pair = step.Pair,
                Record = record,
                RecordWithoutSplit = original,
                Overrides = [.. step.Pair!.Overrides, .. joins.Select(j => j.Override)],
            });
        }

        return assigned;

        string PathOf(int photo) => photo >= firstNew
            ? copied[photo - firstNew].Record.ImagePath!
            : target.Listing!.Pairs.First(p => p.Name == photos[photo].Name).ImagePath;
    }

    private static MergeStep WithExistingSplit(MergeStep step, SplitRule rule)
    {
        if (step.Record.Outcome != MergeOutcome.AlreadyThere) return step;
        var split = rule.Assign(step.Pair!.Facts.Photo!.Hash, Path.GetFileNameWithoutExtension(step.Record.ImagePath)!);
        return new MergeStep { Pair = step.Pair, Record = step.Record with { Split = split } };
    }
}
