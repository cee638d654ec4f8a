using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Datasets.Facts;
using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Datasets.Repairs;

/// <summary>
/// Repairs data set files that have only one possible correction. A file is removed only after its replacement is on the disk, read back
/// and compared. So an interrupted run loses nothing, and the next one finishes it.
/// </summary>
/// <param name="backupPath">A folder for copies of the original files, such as <see cref="OriginalsFolder"/>; null for no backup.</param>
/// <param name="force">Rotates masks even if other masks may be upside down, which could not be detected afterwards.</param>
public sealed class DatasetRepairer(string? backupPath = null, bool force = false)
{
    private readonly HashSet<string> hashes = new(StringComparer.Ordinal);
    private readonly HashSet<string> planned = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Returns the possible repairs. Nothing is written. Masks come before photos, because the original photo shows how its mask must be
    /// rotated.
    /// </summary>
    /// <param name="dataPath">The folder.</param>
    /// <param name="progress">Called with the number of pairs done and the total.</param>
    /// <param name="cancellation">Cancels between two pairs.</param>
    /// <exception cref="DatasetException">The folder is not a data set.</exception>
    /// <exception cref="SettingsException">The backup folder is inside the folders of the data set.</exception>
    public IReadOnlyList<RepairStep> Plan(string dataPath, Action<int, int>? progress, CancellationToken cancellation)
    {
        var listing = DatasetListing.Read(dataPath);
        EnsureBackupIsSeparate(dataPath);
        _ = SplitStore.Read(dataPath); // throws if the parts are unknown: then no photo may become another file
        var masks = new List<RepairStep>();
        var photos = new List<RepairStep>();
        var read = new List<PairFacts>(listing.Pairs.Count);
        foreach (var facts in new PairReader(cacheFolder: null).Read(listing, null, cancellation))
        {
            read.Add(facts);
            string mask = facts.Pair.MaskPath, image = facts.Pair.ImagePath;
            AddStep(masks, mask, isPhoto: false, () => MaskRepair.Choose(facts));
            AddStep(photos, image, isPhoto: true, () => PhotoRepair.Choose(facts.Photo, image));
            if (facts.Photo is { } photo) hashes.Add(photo.Hash);
            progress?.Invoke(read.Count, listing.Pairs.Count);

            void AddStep(List<RepairStep> steps, string old, bool isPhoto, Func<RepairChoice> choose)
            {
                var choice = Choose(choose);
                if (choice.Repairs.Count == 0) return;
                steps.Add(new RepairStep(facts)
                {
                    DataPath = dataPath,
                    OldPath = old,
                    // Only masks change their extension.
                    Path = IsPng(old) || isPhoto ? old : Path.ChangeExtension(old, ".png"),
                    Repairs = choice.Repairs,
                    IsPhoto = isPhoto,
                    Refusal = choice.Refusal,
                });
            }
        }

        return [.. force ? masks : RefuseAmbiguousRotations(masks, read), .. photos];
    }

    /// <summary>
    /// Refuses to rotate masks while there is a finding OrientationDiffers. Masks that were drawn on photos as stored are the evidence that
    /// masks which fit both ways may be upside down.
    /// </summary>
    private static IEnumerable<RepairStep> RefuseAmbiguousRotations(IEnumerable<RepairStep> masks, IReadOnlyList<PairFacts> read)
    {
        if (OrientationChecks.Run(read).FirstOrDefault() is not { } finding) return masks;
        return masks.Select(step => step.Refusal is not null || !step.Repairs.Contains(DatasetCheck.MaskOrientation) ? step : step.Refused(
            $"Not rotated: '{finding.Name}' may be upside down ({finding.Check}), which could not be detected afterwards. "
            + "Check the masks with that finding, correct those that are wrong, then use -Force."));
    }

    private static RepairChoice Choose(Func<RepairChoice> choose)
    {
        try
        {
            return choose();
        }
        catch (PhotoException)
        {
            // Another program removed or changed it meanwhile; the next call sees what it is then.
            return RepairChoice.None;
        }
    }

    /// <summary>Repairs files, each when its record is enumerated.</summary>
    /// <param name="steps">The steps of <see cref="Plan"/> to apply.</param>
    /// <param name="verbose">Called before each file operation.</param>
    /// <param name="cancellation">Cancels between two files.</param>
    /// <exception cref="DatasetException">A file cannot be written.</exception>
    public IEnumerable<DatasetRepair> Apply(IReadOnlyList<RepairStep> steps, Action<string>? verbose, CancellationToken cancellation) =>
        Run(steps, new SafeFileWriter(verbose), cancellation);

    /// <summary>Returns the records of repairs that are not made: each file is read and encoded, and nothing is written.</summary>
    /// <param name="steps">The steps of <see cref="Plan"/>.</param>
    /// <param name="cancellation">Cancels between two files.</param>
    public IEnumerable<DatasetRepair> Preview(IReadOnlyList<RepairStep> steps, CancellationToken cancellation) =>
        Run(steps, null, cancellation);

    private IEnumerable<DatasetRepair> Run(IReadOnlyList<RepairStep> steps, SafeFileWriter? files, CancellationToken cancellation)
    {
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
                record = NotRepaired(step, null, e.Message);
            }
            catch (DatasetException e) when (e.Path == step.OldPath || e.Path == step.Path)
            {
                // A file that is read-only or in use must not stop the other repairs.
                record = NotRepaired(step, null, e.Message);
            }

            yield return record;
        }
    }

    private DatasetRepair Apply(RepairStep step, SafeFileWriter? files)
    {
        string? measured = step.IsPhoto ? step.Facts.Photo?.Hash : step.Facts.Mask?.Hash;
        if (step.Refusal is not null) return NotRepaired(step, measured, step.Refusal);
        byte[] old = SafeFileWriter.Read(step.OldPath);
        string oldHash = FileHash.ComputeBytes(old);
        if (oldHash != measured)
        {
            string kind = step.IsPhoto ? "photo" : "mask";
            return NotRepaired(step, oldHash, $"Another program changed the {kind} meanwhile. Run the command again.");
        }

        using var repaired = step.IsPhoto ? PhotoRepair.Apply(step.OldPath) : MaskRepair.Apply(step.Facts, step.Repairs);
        if (!step.IsPhoto && step.Facts.Mask!.Values.Count > 1 && IsFlat(repaired))
        {
            return NotRepaired(
                step, oldHash, "Not changed: the whole mask would become black or white. Save it as a grey PNG with only 0 and 255.");
        }

        byte[] content = ImageWriter.EncodePng(repaired, step.Path);
        string newHash = FileHash.ComputeBytes(content);
        if (step.Path != step.OldPath && File.Exists(step.Path) && FileHash.Compute(step.Path) != newHash)
        {
            return NotRepaired(step, oldHash, $"'{Path.GetFileName(step.Path)}' exists and is another mask. Remove one of the two.");
        }

        if (step.IsPhoto && IsAnotherPhoto(step, oldHash, newHash))
        {
            return NotRepaired(
                step,
                oldHash,
                "The repaired photo would be identical to another photo, which has its own part. "
                + "Remove one of the two.");
        }

        string? backup = backupPath is null ? null : FreeBackupPath(step, old);
        if (files is null)
        {
            if (backup is not null) planned.Add(backup);
            if (step.IsPhoto) hashes.Add(newHash);
            return Record(step, RepairOutcome.WouldRepair, oldHash) with { NewHash = newHash, BackupPath = backup };
        }

        if (backup is not null)
        {
            OriginalsFolder.Prepare(step.DataPath, backupPath!);
            files.Copy(backup, old);
        }

        if (step.IsPhoto)
        {
            files.Announce($"{Path.GetFileName(step.Path)}: keeping its part");
            SplitStore.Add(step.DataPath, [new SplitOverride(newHash, SplitReason.Repaired, oldHash)]);
        }

        files.Write(step.Path, content, overwrite: step.Path == step.OldPath, temporary => Compare(temporary, repaired));
        if (step.Path != step.OldPath) files.Remove(step.OldPath);
        if (step.IsPhoto) hashes.Add(newHash); // so that a second photo that would become the same file is detected
        return Record(step, RepairOutcome.Repaired, oldHash) with { NewHash = newHash, BackupPath = backup };
    }

    /// <summary>
    /// Returns whether the repaired file is another photo of the data set, with no override that says both are one. Then its part would
    /// change.
    /// </summary>
    private bool IsAnotherPhoto(RepairStep step, string oldHash, string newHash)
    {
        if (!hashes.Contains(newHash)) return false;
        var rule = SplitRule.For(step.DataPath);
        return rule.Origin(newHash) != rule.Origin(oldHash);
    }

    /// <summary>Returns where to keep the original file: with its folder and name; if another file has that name, with a number.</summary>
    private string FreeBackupPath(RepairStep step, byte[] old)
    {
        string wanted = Path.Combine(backupPath!, Path.GetRelativePath(step.DataPath, step.OldPath)), path = wanted;
        for (int number = 2; planned.Contains(path) || (File.Exists(path) && !SafeFileWriter.HasContent(path, old)); number++)
        {
            string name = FormattableString.Invariant($"{Path.GetFileNameWithoutExtension(wanted)}-{number}{Path.GetExtension(wanted)}");
            path = Path.Combine(Path.GetDirectoryName(wanted)!, name);
        }

        return path;
    }

    private static bool IsFlat(Raster mask) => mask.Pixels.IndexOfAnyExcept(mask.Pixels[0]) < 0;

    private void EnsureBackupIsSeparate(string dataPath)
    {
        if (backupPath is null) return;
        string[] own = ["images", "masks", SplitFolder.Name];
        string? taken = FileIdentity.IsSame(backupPath, dataPath)
            ? dataPath
            : own.Select(name => Path.Combine(dataPath, name)).FirstOrDefault(folder => FileIdentity.IsInside(backupPath, folder));
        if (taken is null) return;
        throw new SettingsException(
            "BackupPath",
            $"Cannot keep the backup in '{backupPath}', where the data set has its own files. Choose another folder with -BackupPath.");
    }

    private static void Compare(string temporary, Raster expected)
    {
        using var written = expected.Channels == 1 ? ImageReader.ReadMask(temporary) : ImageReader.ReadPhoto(temporary);
        if (written.Width != expected.Width || written.Height != expected.Height || !written.Pixels.SequenceEqual(expected.Pixels))
        {
            throw new IOException("The written file differs when read back.");
        }
    }

    private static bool IsPng(string path) => string.Equals(Path.GetExtension(path), ".png", StringComparison.OrdinalIgnoreCase);

    private static DatasetRepair NotRepaired(RepairStep step, string? oldHash, string reason) =>
        Record(step, RepairOutcome.Left, oldHash) with { Path = step.OldPath, Reason = reason };

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
