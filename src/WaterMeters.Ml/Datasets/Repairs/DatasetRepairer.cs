using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Datasets.Facts;
using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Datasets.Repairs;

/// <summary>
/// Mends the files of a data set of which it is clear what was meant. A file stays until the one that replaces it is on the disk, read
/// back and compared, so a run that ends anywhere loses nothing, and the next one finishes what it left.
/// </summary>
/// <param name="backupPath">A folder for the files as they were; null to keep none.</param>
/// <param name="force">Turns masks even where others may lie upside down, which nothing would tell any more.</param>
public sealed class DatasetRepairer(string? backupPath = null, bool force = false)
{
    private readonly HashSet<string> hashes = new(StringComparer.Ordinal);

    /// <summary>Says what can be mended. Nothing is written; masks come before photos, for it is the photo as it was that says how a mask was turned.</summary>
    /// <param name="dataPath">The folder.</param>
    /// <param name="measured">Hears how many pairs were looked at, of how many.</param>
    /// <param name="cancellation">Stops between two pairs.</param>
    /// <exception cref="DatasetException">The folder is no data set, or the backup would lie among its photos.</exception>
    public IReadOnlyList<RepairStep> Plan(string dataPath, Action<int, int>? measured, CancellationToken cancellation)
    {
        var listing = DatasetListing.Read(dataPath);
        DemandBackupApart(dataPath);
        _ = SplitStore.Read(dataPath); // a photo whose place is not known must not get another file
        var masks = new List<RepairStep>();
        var photos = new List<RepairStep>();
        var looked = new List<PairFacts>(listing.Pairs.Count);
        foreach (var facts in new PairReader(cacheFolder: null).Read(listing, null, cancellation))
        {
            looked.Add(facts);
            if (MaskRepair.FindFixable(facts) is { Count: > 0 } ofMask) masks.Add(Step(facts.Pair.MaskPath, Path.ChangeExtension(facts.Pair.MaskPath, ".png"), ofMask, isPhoto: false));
            if (PhotoRepair.FindFixable(facts.Photo) is { Count: > 0 } ofPhoto) photos.Add(Step(facts.Pair.ImagePath, facts.Pair.ImagePath, ofPhoto, isPhoto: true));
            if (facts.Photo is { } photo) hashes.Add(photo.Hash);
            measured?.Invoke(looked.Count, listing.Pairs.Count);

            RepairStep Step(string old, string path, IReadOnlyList<DatasetCheck> repairs, bool isPhoto) =>
                new(facts) { DataPath = dataPath, OldPath = old, Path = IsPng(old) ? old : path, Repairs = repairs, IsPhoto = isPhoto };
        }

        return [.. force ? masks : WithDoubt(masks, looked), .. photos];
    }

    /// <summary>
    /// Masks that were drawn on photos as they are stored are what tells that others of the set, which fit either way, may lie upside down.
    /// They are left while there are such.
    /// </summary>
    private static IEnumerable<RepairStep> WithDoubt(IEnumerable<RepairStep> masks, IReadOnlyList<PairFacts> looked)
    {
        if (OrientationChecks.Run(looked).FirstOrDefault() is not { } doubt) return masks;
        return masks.Select(step => !step.Repairs.Contains(DatasetCheck.MaskOrientation) ? step : new RepairStep(step.Facts)
        {
            DataPath = step.DataPath,
            OldPath = step.OldPath,
            Path = step.Path,
            Repairs = step.Repairs,
            IsPhoto = false,
            Refusal = $"It can be turned, but then nothing would tell any more that '{doubt.Name}' may lie upside down ({doubt.Check}). Look at the masks with that finding first, mend those that do, and use -Force.",
        });
    }

    /// <summary>Mends files, each when its record is asked for.</summary>
    /// <param name="steps">What to mend, of <see cref="Plan"/>.</param>
    /// <param name="tell">Hears each thing before it is done.</param>
    /// <param name="cancellation">Stops between two files.</param>
    /// <exception cref="DatasetException">A file cannot be written.</exception>
    public IEnumerable<DatasetRepair> Apply(IReadOnlyList<RepairStep> steps, Action<string>? tell, CancellationToken cancellation)
    {
        var files = new SafeFileWriter(tell);
        foreach (var step in steps)
        {
            cancellation.ThrowIfCancellationRequested();
            DatasetRepair record;
            try
            {
                record = Apply(step, files);
            }
            catch (PhotoException e)
            {
                record = Left(step, null, e.Message);
            }
            catch (DatasetException e) when (e.Path == step.OldPath || e.Path == step.Path)
            {
                // One file that is read-only, or open elsewhere, leaves the others.
                record = Left(step, null, e.Message);
            }

            yield return record;
        }
    }

    private DatasetRepair Apply(RepairStep step, SafeFileWriter files)
    {
        if (step.Refusal is not null) return Left(step, null, step.Refusal);
        byte[] old = SafeFileWriter.Read(step.OldPath);
        string oldHash = FileHash.ComputeBytes(old);
        if (step.IsPhoto && oldHash != step.Facts.Photo!.Hash) return Left(step, oldHash, "Another program changed it meanwhile. Run it again.");
        using var meant = step.IsPhoto ? PhotoRepair.Mend(step.OldPath) : MaskRepair.Mend(step.Facts, step.Repairs);
        byte[] content = ImageWriter.EncodePng(meant, step.Path);
        string newHash = FileHash.ComputeBytes(content);
        if (step.Path != step.OldPath && File.Exists(step.Path) && FileHash.Compute(step.Path) != newHash) return Left(step, oldHash, $"'{Path.GetFileName(step.Path)}' is there already and is another mask. Take one of the two out.");
        if (step.IsPhoto && IsOfAnother(step, oldHash, newHash)) return Left(step, oldHash, "The mended photo would be the same file as another photo, with a place of its own. Take one of the two out.");

        string? backup = backupPath is null ? null : Backup(step, old, files);
        if (step.IsPhoto)
        {
            files.Tell($"{Path.GetFileName(step.Path)}: keeping its place");
            SplitStore.Add(step.DataPath, [new SplitOverride(newHash, SplitReason.Repaired, oldHash)]);
        }

        files.Write(step.Path, content, overwrite: step.Path == step.OldPath, beside => Compare(beside, meant));
        if (step.Path != step.OldPath) files.Remove(step.OldPath);
        if (step.IsPhoto) hashes.Add(newHash); // another photo that would become the same file is told from now on
        return Record(step, RepairOutcome.Repaired, oldHash) with { NewHash = newHash, BackupPath = backup };
    }

    /// <summary>Whether another photo of the set is the mended one already, and nothing says that both are one: its place would change.</summary>
    private bool IsOfAnother(RepairStep step, string oldHash, string newHash)
    {
        if (!hashes.Contains(newHash)) return false;
        var rule = SplitRule.For(step.DataPath);
        return rule.Origin(newHash) != rule.Origin(oldHash);
    }

    /// <summary>Keeps a file as it was, in the folder and under the name that it has; a name that another file took gets a number.</summary>
    private string Backup(RepairStep step, byte[] old, SafeFileWriter files)
    {
        string wanted = Path.Combine(backupPath!, Path.GetRelativePath(step.DataPath, step.OldPath)), path = wanted;
        for (int number = 2; File.Exists(path) && !SafeFileWriter.Holds(path, old); number++)
        {
            path = Path.Combine(Path.GetDirectoryName(wanted)!, FormattableString.Invariant($"{Path.GetFileNameWithoutExtension(wanted)}-{number}{Path.GetExtension(wanted)}"));
        }

        files.Copy(path, old);
        return path;
    }

    private void DemandBackupApart(string dataPath)
    {
        if (backupPath is null) return;
        string inside = Path.GetRelativePath(dataPath, backupPath).Replace('\\', '/') + '/';
        foreach (string taken in new[] { "./", "images/", "masks/", SplitFolder.Name + "/" })
        {
            if (inside.StartsWith(taken, StringComparison.OrdinalIgnoreCase)) throw new SettingsException("BackupPath", $"The backup cannot lie in '{backupPath}', where the data set's own files are. Name another folder with -BackupPath.");
        }
    }

    private static void Compare(string beside, Raster meant)
    {
        using var written = meant.Channels == 1 ? ImageReader.ReadMask(beside) : ImageReader.ReadPhoto(beside);
        if (written.Width != meant.Width || written.Height != meant.Height || !written.Pixels.SequenceEqual(meant.Pixels)) throw new IOException("What was written reads back as something else.");
    }

    private static bool IsPng(string path) => string.Equals(Path.GetExtension(path), ".png", StringComparison.OrdinalIgnoreCase);

    private static DatasetRepair Left(RepairStep step, string? oldHash, string reason) => Record(step, RepairOutcome.Left, oldHash) with { Path = step.OldPath, Reason = reason };

    private static DatasetRepair Record(RepairStep step, RepairOutcome outcome, string? oldHash) => new()
    {
        Name = step.Facts.Pair.Name,
        Outcome = outcome,
        Repairs = string.Join(", ", step.Repairs),
        Path = step.Path,
        OldPath = step.OldPath,
        OldHash = oldHash,
    };
}
