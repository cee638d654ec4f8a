using WaterMeters.Ml.Datasets;
using WaterMeters.Ml.Datasets.Facts;
using WaterMeters.Ml.Datasets.Repairs;
using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Imaging;
using WaterMeters.Ml.Samples;
using WaterMeters.Ml.Samples.Defects;
using WaterMeters.Ml.Tests.Reporting.Markup;

namespace WaterMeters.Ml.Tests.Datasets.Repairs;

/// <summary>Repairs of data sets, with real files.</summary>
public class DatasetRepairerTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private const int Size = 128;

    private static readonly SampleDefect[] Repairable =
    [
        SampleDefect.PhotoOrientation, SampleDefect.MaskJpeg, SampleDefect.MaskAlpha, SampleDefect.MaskSixteenBit, SampleDefect.MaskPalette,
        SampleDefect.MaskLabels,
    ];

    public static TheoryData<SampleDefect> Repairables => [.. Repairable];

    [Theory]
    [MemberData(nameof(Repairables))]
    public void A_repairable_defect_is_not_found_after_the_repair(SampleDefect defect)
    {
        using var folder = new TempFolder();
        var planted = Assert.Single(Draw(folder.Path, 2, defect));
        var before = FolderContents.Hashes(folder.Path);

        var repair = Assert.Single(Repair(folder.Path));
        Assert.Equal((RepairOutcome.Repaired, planted.Check, planted.Path), (repair.Outcome, repair.Repairs, repair.OldPath));
        Assert.Empty(Findings.In(folder.Path));
        Assert.Equal(repair.NewHash, FileHash.Compute(repair.Path));
        Assert.Equal(repair.OldHash, before[Relative(folder.Path, repair.OldPath)]);

        // Only 0 and 255 are left.
        using var mask = ImageReader.ReadMask(repair.Path);
        Assert.Equal(-1, mask.Pixels.IndexOfAnyExcept((byte)0, (byte)255));
        Assert.Equal(before.Count, FolderContents.Hashes(folder.Path).Count);
        Assert.Empty(Repair(folder.Path));
    }

    [Fact]
    public void Files_that_need_a_person_are_not_changed()
    {
        using var folder = new TempFolder();
        Draw(folder.Path, 4, SampleDefect.All);
        var before = FolderContents.Hashes(folder.Path);
        var found = Findings.In(folder.Path).Select(f => $"{f.Check} {f.Name}").ToHashSet();

        var repairs = Repair(folder.Path);
        Assert.Equal(["MaskOrientation"], repairs.Where(r => r.Outcome == RepairOutcome.Left).Select(r => r.Repairs));
        repairs.RemoveAll(r => r.Outcome == RepairOutcome.Left);
        Assert.Equal(Repairable.Length - 1, repairs.Count);
        Assert.Equal(
            found.Except(repairs.Select(r => $"{r.Repairs} {r.Name}")).Order(StringComparer.Ordinal),
            Findings.In(folder.Path).Select(f => $"{f.Check} {f.Name}").Order(StringComparer.Ordinal));
        var repaired = repairs.SelectMany(r => new[] { r.OldPath, r.Path }).Select(path => Relative(folder.Path, path)).ToHashSet();
        var after = FolderContents.Hashes(folder.Path);
        Assert.Equal(before.Where(f => !repaired.Contains(f.Key)), after.Where(f => !repaired.Contains(f.Key)));
    }

    [Fact]
    public void A_mask_is_not_rotated_while_another_may_be_upside_down_unless_forced()
    {
        using var folder = new TempFolder();
        Draw(folder.Path, 1, SampleDefect.PhotoOrientation, SampleDefect.PhotoUpsideDown);
        var before = FolderContents.Hashes(folder.Path);
        var left = Assert.Single(Repair(folder.Path));
        Assert.Equal(RepairOutcome.Left, left.Outcome);
        Assert.Contains("defect-photo-upside-down", left.Reason, StringComparison.Ordinal);
        Assert.Equal(before, FolderContents.Hashes(folder.Path));
        Assert.Contains(Findings.In(folder.Path), f => f.Check == "OrientationDiffers");

        var repairer = new DatasetRepairer(force: true);
        Assert.Equal(RepairOutcome.Repaired, Assert.Single(repairer.Apply(repairer.Plan(folder.Path, null, Stop), null, Stop)).Outcome);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(0, -2)]
    [InlineData(-2, 2)]
    public void A_mask_off_by_rounding_gets_the_size_of_its_photo(int wider, int higher)
    {
        using var folder = new DatasetFolder();
        folder.Photo("a.png", 140, 120).Mask("a.png", 900, 140 + wider, 120 + higher);
        Assert.Equal("SizeMismatch", Assert.Single(Repair(folder.Path)).Repairs);
        using var mask = ImageReader.ReadMask(folder["masks", "a.png"]);
        Assert.Equal((140, 120), (mask.Width, mask.Height));
        Assert.Equal(900, mask.Pixels.Count((byte)255), 60.0);
    }

    [Theory]
    [InlineData(400, 300, 403, 300)]
    [InlineData(400, 300, 200, 150)]
    [InlineData(40, 30, 42, 30)]
    [InlineData(2000, 1500, 2010, 1500)]
    public void A_mask_of_another_size_is_not_changed(int width, int height, int maskWidth, int maskHeight)
    {
        using var folder = new DatasetFolder();
        folder.Photo("a.png", width, height).Mask("a.png", 500, maskWidth, maskHeight);
        Assert.Empty(Repair(folder.Path));
    }

    [Fact]
    public void A_large_mask_that_was_scaled_by_half_a_per_cent_is_scaled_back()
    {
        using var folder = new DatasetFolder();
        folder.Photo("a.png", 2000, 1500).Mask("a.png", 5000, 2008, 1506);
        Assert.Equal("SizeMismatch", Assert.Single(Repair(folder.Path)).Repairs);
    }

    [Fact]
    public void A_repaired_photo_keeps_its_pixels_its_part_and_its_old_hash()
    {
        using var folder = new DatasetFolder();
        var drawn = SampleMask(120, 90);
        File.WriteAllBytes(folder["images", "a.png"], MaskPngEncoder.WithPalette(drawn));
        folder.Mask("a.png", 900, 120, 90);
        string old = FileHash.Compute(folder["images", "a.png"]);
        var part = new SplitRule().Assign(old, "a");

        var repair = Assert.Single(Repair(folder.Path));
        Assert.Equal(("Palette", old), (repair.Repairs, repair.OldHash));
        Assert.NotEqual(old, repair.NewHash);
        using var photo = ImageReader.ReadMask(repair.Path);
        Assert.True(photo.Pixels.SequenceEqual(drawn.Values));
        var pair = Assert.Single(DatasetContents.Read(folder.Path, null, Stop).Pairs);
        Assert.Equal((part, repair.NewHash), (pair.Split, pair.Hash));
        Assert.Equal([old], pair.Others);
    }

    [Fact]
    public void A_photo_that_would_become_another_one_is_not_changed()
    {
        using var folder = new DatasetFolder();
        var drawn = SampleMask(120, 90);
        File.WriteAllBytes(folder["images", "a.png"], MaskPngEncoder.WithPalette(drawn));
        folder.Mask("a.png", 900, 120, 90).Mask("b.png", 900, 120, 90);
        using (var plain = PhotoRepair.Apply(folder["images", "a.png"])) ImageWriter.WritePng(plain, folder["images", "b.png"]);
        var repair = Assert.Single(Repair(folder.Path));
        Assert.Equal(RepairOutcome.Left, repair.Outcome);
        Assert.NotNull(repair.Reason);
        Assert.False(Directory.Exists(SplitFolder.PathFor(folder.Path)));
    }

    [Fact]
    public void A_mask_is_not_repaired_over_another_mask()
    {
        using var folder = new TempFolder();
        Draw(folder.Path, 1, SampleDefect.MaskJpeg);
        File.Copy(folder["masks", "sample_0001.png"], folder["masks", "defect-mask-jpeg.png"]);
        var before = FolderContents.Hashes(folder.Path);
        Assert.Equal(RepairOutcome.Left, Assert.Single(Repair(folder.Path)).Outcome);
        Assert.Equal(before, FolderContents.Hashes(folder.Path));
    }

    [Fact]
    public void A_mask_rotated_by_its_own_EXIF_orientation_is_repaired_to_its_stored_pixels()
    {
        using var folder = new DatasetFolder();
        folder.Photo("a.png", 120, 90).Mask("a.jpg", 900, 120, 90);
        string path = folder["masks", "a.jpg"];
        using var meant = StoredMask.ReadBinary(path);
        File.WriteAllBytes(path, FileDefects.WithOrientation(File.ReadAllBytes(path), 6));
        Assert.Contains("MaskOrientation", Assert.Single(Repair(folder.Path)).Repairs, StringComparison.Ordinal);
        using var mask = ImageReader.ReadMask(folder["masks", "a.png"]);
        Assert.True(mask.Pixels.SequenceEqual(meant.Pixels));
    }

    [Fact]
    public void A_mask_that_fits_both_ways_and_has_an_EXIF_orientation_is_not_changed()
    {
        using var folder = new DatasetFolder();
        folder.Photo("a.png", 120, 90).Mask("a.jpg", 900, 120, 90);
        string path = folder["masks", "a.jpg"];
        File.WriteAllBytes(path, FileDefects.WithOrientation(File.ReadAllBytes(path), 3));
        Assert.Empty(Repair(folder.Path));
    }

    [Fact]
    public void The_backup_has_the_original_files_and_overwrites_none()
    {
        using var folder = new TempFolder();
        using var backup = new TempFolder();
        Draw(folder.Path, 1, Repairable);
        var before = FolderContents.Hashes(folder.Path);
        Directory.CreateDirectory(backup["masks"]);
        File.WriteAllText(backup["masks", "defect-mask-jpeg.jpg"], "Another file.");

        var repairs = Repair(folder.Path, backup.Path);
        Assert.Equal("Another file.", File.ReadAllText(backup["masks", "defect-mask-jpeg.jpg"]));
        Assert.Equal(backup["masks", "defect-mask-jpeg-2.jpg"], repairs.Single(r => r.Repairs == "MaskJpeg").BackupPath);
        foreach (var repair in repairs) Assert.Equal(before[Relative(folder.Path, repair.OldPath)], FileHash.Compute(repair.BackupPath!));
    }

    [Theory]
    [InlineData(".")]
    [InlineData("images")]
    [InlineData("masks/old")]
    public void A_backup_inside_the_data_set_is_refused(string name)
    {
        using var folder = new TempFolder();
        Draw(folder.Path, 1, SampleDefect.MaskJpeg);
        var before = FolderContents.Hashes(folder.Path);
        Assert.Throws<SettingsException>(() => { Repair(folder.Path, Path.GetFullPath(Path.Combine(folder.Path, name))); });
        Assert.Equal(before, FolderContents.Hashes(folder.Path));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Interrupted_anywhere_it_loses_nothing_and_is_finished_by_the_next(bool keeps)
    {
        using var original = new TempFolder();
        Draw(original.Path, 1, Repairable);
        File.WriteAllBytes(original["images", "palette.png"], MaskPngEncoder.WithPalette(SampleMask(120, 90)));
        File.Copy(original["masks", "sample_0001.png"], original["masks", "palette.png"]);
        var first = FolderContents.Hashes(original.Path);
        using var whole = new TempFolder();
        FolderContents.Copy(original.Path, whole["data"]);
        int steps = 0;
        var repairs = Repair(whole["data"], keeps ? whole["backup"] : null, _ => steps++);
        var last = FolderContents.Hashes(whole.Path);
        Assert.True(steps > 12);
        Assert.Contains(repairs, r => r.OldPath.Contains("images", StringComparison.Ordinal));

        for (int at = 1; at <= steps; at++)
        {
            using var folder = new TempFolder();
            FolderContents.Copy(original.Path, folder["data"]);
            string? backup = keeps ? folder["backup"] : null;
            int step = 0;
            Assert.Throws<OperationCanceledException>(() =>
            {
                Repair(folder["data"], backup, _ =>
                {
                    if (++step == at) throw new OperationCanceledException();
                });
            });
            var now = FolderContents.Hashes(folder.Path);
            foreach (var (name, hash) in first)
            {
                var repair = repairs.FirstOrDefault(r => Relative(whole["data"], r.OldPath) == name);
                bool isUnchanged = now.GetValueOrDefault("data/" + name) == hash;
                Assert.True(isUnchanged || now.GetValueOrDefault("data/" + Relative(whole["data"], repair!.Path)) == repair.NewHash, name);
            }

            Assert.All(now, file => Assert.Contains(
                file.Value, new[] { last.GetValueOrDefault(file.Key), first.GetValueOrDefault(file.Key["data/".Length..]) }));
            Repair(folder["data"], backup);
            Assert.Equal(last, FolderContents.Hashes(folder.Path));
        }
    }

    [Fact]
    public void The_real_masks_become_PNG_files_with_the_same_foreground_and_no_findings()
    {
        using var folder = new TempFolder();
        int count = ProcessMemory.Full ? 240 : 30;
        var names = DatasetListing.Read(SharedFolder.Meters).Pairs.Take(count).Select(p => p.Name).ToHashSet();
        FolderContents.Copy(SharedFolder.Meters, folder.Path, file => names.Contains(Path.GetFileNameWithoutExtension(file)));
        var meant = DatasetListing.Read(folder.Path).Pairs.ToDictionary(p => p.Name, p => StoredMask.ReadBinary(p.MaskPath));
        var repairs = Repair(folder.Path);
        Assert.Equal(count, repairs.Count);
        foreach (var repair in repairs)
        {
            Assert.Equal((RepairOutcome.Repaired, "MaskJpeg"), (repair.Outcome, repair.Repairs));
            using var mask = ImageReader.ReadMask(repair.Path);
            using var expected = meant[repair.Name];
            Assert.Equal((expected.Width, expected.Height), (mask.Width, mask.Height));
            Assert.True(expected.Pixels.SequenceEqual(mask.Pixels));
        }

        Assert.DoesNotContain(Findings.In(folder.Path), finding => finding.Check == "MaskJpeg");
        Assert.Empty(Findings.In(folder.Path));
    }

    private static SampleMask SampleMask(int width, int height)
    {
        var values = new byte[width * height];
        for (int i = 0; i < values.Length; i++) values[i] = (byte)(i % width > width / 3 && i / width > height / 2 ? 255 : 0);
        return new SampleMask(width, height, values);
    }

    private static List<PlantedDefect> Draw(string folder, int count, params SampleDefect[] defects)
    {
        var options = new SampleOptions { Count = count, Size = Size, Defects = defects };
        _ = SampleDataset.Write(folder, options).Count();
        return [.. DefectPlanter.Plant(folder, options)];
    }

    private static List<DatasetRepair> Repair(string folder, string? backup = null, Action<string>? verbose = null)
    {
        var repairer = new DatasetRepairer(backup);
        return [.. repairer.Apply(repairer.Plan(folder, null, Stop), verbose, Stop)];
    }

    private static string Relative(string folder, string path) => Path.GetRelativePath(folder, path).Replace('\\', '/');
}
