using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Datasets.Merging;
using WaterMeters.Ml.Datasets.Repairs;
using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Samples;
using WaterMeters.Ml.Samples.Defects;
using WaterMeters.Ml.Tests.Datasets.Duplicates;
using WaterMeters.Ml.Tests.Reporting.Markup;
using static WaterMeters.Ml.Tests.Datasets.Merging.MergeCalls;

namespace WaterMeters.Ml.Tests.Datasets.Merging;

/// <summary>Merges of data sets, with real files.</summary>
public class DatasetMergerTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void New_pairs_are_copied_byte_for_byte_and_the_source_stays_as_it_is()
    {
        using var data = Drawn(4, seed: 1);
        using var more = Drawn(3, seed: 2);
        AddPrefix(more, "more_");
        var (old, source) = (FolderContents.Hashes(data.Path), FolderContents.Hashes(more.Path));

        var merged = Merge(data.Path, more.Path);
        Assert.All(merged, m => Assert.Equal(MergeOutcome.Added, m.Outcome));
        Assert.Equal(old.Concat(source).OrderBy(f => f.Key, StringComparer.Ordinal), FolderContents.Hashes(data.Path));
        Assert.Equal(source, FolderContents.Hashes(more.Path));
        var contents = DatasetContents.Read(data.Path, null, Stop);
        foreach (var pair in merged) Assert.Equal(contents.Pairs.Single(p => p.Pair.ImagePath == pair.ImagePath).Split, pair.Split);
    }

    [Fact]
    public void A_second_merge_changes_nothing()
    {
        using var data = Drawn(4, seed: 1);
        using var more = Drawn(3, seed: 2);
        AddPrefix(more, "more_");
        File.WriteAllBytes(more["images", "near.jpg"], PhotoCopy.SavedAgain(data["images", "sample_0002.jpg"], 70));
        File.Copy(data["masks", "sample_0002.png"], more["masks", "near.png"]);
        Merge(data.Path, more.Path);
        var (files, times) = (FolderContents.Hashes(data.Path), FolderContents.Times(data.Path));

        var again = Merge(data.Path, more.Path);
        Assert.All(again, m => Assert.Equal(MergeOutcome.AlreadyThere, m.Outcome));
        Assert.Equal(4, again.Count);
        Assert.Equal(files, FolderContents.Hashes(data.Path));
        Assert.Equal(times, FolderContents.Times(data.Path));
    }

    [Fact]
    public void Conflicts_and_unusable_files_are_reported_and_the_rest_is_merged()
    {
        using var data = Drawn(3, seed: 1);
        using var more = Drawn(2, seed: 2);
        File.Copy(data["images", "sample_0003.jpg"], more["images", "other.jpg"]);
        File.Copy(more["masks", "sample_0002.png"], more["masks", "other.png"]);
        File.Copy(data["images", "sample_0002.jpg"], more["images", "same.jpg"]);
        File.Copy(data["masks", "sample_0002.png"], more["masks", "same.png"]);
        File.Move(more["images", "sample_0002.jpg"], more["images", "Z.jpg"]);
        File.Move(more["masks", "sample_0002.png"], more["masks", "Z.png"]);
        File.WriteAllText(more["images", "text.jpg"], "no photo");
        File.Copy(more["masks", "Z.png"], more["masks", "text.png"]);
        File.WriteAllText(more["images", "single.jpg"], "no photo");
        File.WriteAllText(more["masks", "alone.png"], "no mask");
        File.Copy(more["images", "Z.jpg"], more["images", "Z.png"]);
        var before = FolderContents.Hashes(data.Path);

        var merged = Merge(data.Path, more.Path).ToLookup(m => m.Outcome, m => m.Name);
        Assert.Equal(["sample_0001"], merged[MergeOutcome.NameConflict]);
        Assert.Equal(["other"], merged[MergeOutcome.MaskConflict]);
        Assert.Equal(["same"], merged[MergeOutcome.AlreadyThere]);
        Assert.Equal(["Z"], merged[MergeOutcome.Added]);
        Assert.Equal(["text", "single", "alone", "Z"], merged[MergeOutcome.Unusable]);
        Assert.Equal(before, FolderContents.Hashes(data.Path).Where(f => !f.Key.Contains('Z', StringComparison.Ordinal)));
    }

    [Fact]
    public void Names_conflict_in_any_case_and_with_any_extension()
    {
        using var data = new DatasetFolder();
        using var more = new DatasetFolder();
        data.Photo("a.png").Mask("a.png");
        more.Photo("A.jpg").Mask("A.png");
        Assert.Equal(MergeOutcome.NameConflict, Assert.Single(Merge(data.Path, more.Path)).Outcome);
    }

    [Fact]
    public void Rename_appends_the_hash_to_a_name_in_use()
    {
        using var data = Drawn(2, seed: 1);
        using var more = Drawn(2, seed: 2);
        var merged = Merge(data.Path, rename: true, more.Path);
        foreach (var (pair, number) in merged.Zip(["0001", "0002"]))
        {
            string hash = FileHash.Compute(pair.SourceImagePath!);
            Assert.Equal((MergeOutcome.Renamed, $"sample_{number}-{hash[..8]}"), (pair.Outcome, pair.Name));
            Assert.Equal(hash, FileHash.Compute(pair.ImagePath!));
            Assert.Equal(FileHash.Compute(pair.SourceMaskPath!), FileHash.Compute(pair.MaskPath!));
        }

        Assert.All(Merge(data.Path, rename: true, more.Path), m => Assert.Equal(MergeOutcome.AlreadyThere, m.Outcome));
    }

    [Fact]
    public void A_missing_folder_becomes_a_data_set_and_a_folder_of_other_files_does_not()
    {
        using var folder = new TempFolder();
        using var more = Drawn(2, seed: 2);
        Assert.Equal(2, Merge(folder["new", "data"], more.Path).Count);
        Assert.Equal(FolderContents.Hashes(more.Path), FolderContents.Hashes(folder["new", "data"]));
        Assert.Throws<DatasetException>(() => { Merge(folder["new"], more.Path); });
    }

    [Fact]
    public void A_merge_into_a_new_folder_interrupted_anywhere_is_finished_by_the_next()
    {
        using var folder = new TempFolder();
        using var more = Drawn(2, seed: 2);
        File.WriteAllBytes(more["images", "near.jpg"], PhotoCopy.SavedAgain(more["images", "sample_0001.jpg"], 70));
        File.Copy(more["masks", "sample_0001.png"], more["masks", "near.png"]);
        int steps = 0;
        Apply(Plan(folder["whole"], false, more.Path), _ => steps++);
        for (int at = 1; at <= steps; at++)
        {
            string data = folder[FormattableString.Invariant($"{at}")];
            int step = 0;
            Assert.Throws<OperationCanceledException>(() =>
            {
                Apply(Plan(data, false, more.Path), _ =>
                {
                    if (++step == at) throw new OperationCanceledException();
                });
            });
            Merge(data, more.Path);
            Assert.Equal(FolderContents.Hashes(folder["whole"]), FolderContents.Hashes(data));
        }
    }

    [Fact]
    public void A_source_that_is_not_a_data_set_does_not_stop_the_others()
    {
        using var data = Drawn(1, seed: 1);
        using var none = new TempFolder();
        using var more = Drawn(1, seed: 2);
        AddPrefix(more, "more_");
        var refused = new List<DatasetException>();
        var plan = new DatasetMerger(data.Path, CheckSettings.Default, false).Plan([none.Path, more.Path], refused.Add, null, Stop);
        Assert.Equal(none.Path, Assert.Single(refused).Path);
        Assert.Single(plan.Steps, s => s.IsCopied);
    }

    [Fact]
    public void A_repaired_photo_is_recognized_by_its_file_before_the_repair()
    {
        using var before = Drawn(2, seed: 1);
        using var data = new TempFolder();
        var drawn = Paletted(before);
        Assert.Equal(drawn, FileHash.Compute(before["images", "palette.png"]));
        FolderContents.Copy(before.Path, data.Path);
        var repairer = new DatasetRepairer();
        Assert.Single(repairer.Apply(repairer.Plan(data.Path, null, Stop), null, Stop));
        var repaired = FolderContents.Hashes(data.Path);

        // Merge the old file into the data set with the new one, and the other way round.
        Assert.All(Merge(data.Path, before.Path), m => Assert.Equal(MergeOutcome.AlreadyThere, m.Outcome));
        Assert.Equal(repaired, FolderContents.Hashes(data.Path));
        Assert.All(Merge(before.Path, data.Path), m => Assert.Equal(MergeOutcome.AlreadyThere, m.Outcome));

        // A data set without the photo gets it with its override.
        using var other = Drawn(1, seed: 5);
        AddPrefix(other, "other_");
        var joined = Merge(other.Path, data.Path).Single(m => m.Name == "palette");
        var pair = DatasetContents.Read(other.Path, null, Stop).Pairs.Single(p => p.Pair.Name == "palette");
        Assert.Equal([drawn], pair.Others);
        Assert.Equal((new SplitRule().Assign(drawn, ""), joined.Split), (pair.Split, (DatasetSplit?)pair.Split));
    }

    [Fact]
    public void A_repaired_mask_is_the_same_mask()
    {
        using var data = new TempFolder();
        using var source = new TempFolder();
        SampleDefect[] defects = [SampleDefect.MaskJpeg, SampleDefect.PhotoOrientation, SampleDefect.MaskPalette];
        var options = new SampleOptions { Count = 1, Size = 128, Defects = defects };
        _ = SampleDataset.Write(source.Path, options, null, Stop).Count();
        _ = DefectPlanter.Plant(source.Path, options, Stop).Count();
        FolderContents.Copy(source.Path, data.Path);
        var repairer = new DatasetRepairer();
        Assert.Equal(3, repairer.Apply(repairer.Plan(data.Path, null, Stop), null, Stop).Count());
        Assert.All(Merge(data.Path, source.Path), m => Assert.Equal(MergeOutcome.AlreadyThere, m.Outcome));
    }

    private static string Paletted(TempFolder folder)
    {
        var values = new byte[120 * 90];
        values.AsSpan(3000, 4000).Fill(255);
        byte[] file = MaskPngEncoder.WithPalette(new SampleMask(120, 90, values));
        File.WriteAllBytes(folder["images", "palette.png"], file);
        using var mask = WaterMeters.Ml.Imaging.Raster.Rent(120, 90, 1);
        values.CopyTo(mask.Pixels);
        WaterMeters.Ml.Imaging.ImageWriter.WritePng(mask, folder["masks", "palette.png"]);
        return FileHash.ComputeBytes(file);
    }
}
