using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Imaging;
using WaterMeters.Ml.Tests.Imaging;

namespace WaterMeters.Ml.Tests.Datasets.Checks;

public class DatasetInspectorTests
{
    private const string Pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n";

    [Fact]
    public void Passes_a_sound_data_set_and_reports_its_figures()
    {
        using var set = new DatasetFolder();
        set.Pair("a", 120).Pair("b", 240).Pair("c", 600).Photo("d.png", 50, 24).Mask("d.png", 360, 50, 24);
        var progress = new List<(int, int)>();
        var inspector = new DatasetInspector(Findings.OfFewPairs);
        inspector.Inspect(set.Path, (done, of) => progress.Add((done, of)), CancellationToken.None);
        var report = inspector.Report();

        Assert.Equal(DatasetStatus.Pass, report.Status);
        Assert.Equal((4, 4, 4, 0, 0), (report.ImageCount, report.MaskCount, report.ValidPairs, report.ErrorCount, report.WarningCount));
        Assert.Equal("40x30", report.Resolution);
        Assert.Equal(0.25, report.MedianCoverage!.Value, 1e-12); // 0.1, 0.2, 0.3, 0.5
        Assert.Equal(Math.Sqrt(0.021875), report.StdCoverage!.Value, 1e-12);
        Assert.Equal([(1, 4), (2, 4), (3, 4), (4, 4)], progress);
    }

    [Theory]
    [InlineData("PhotoWithoutMask", FindingSeverity.Error, "x.png")]
    [InlineData("MaskWithoutPhoto", FindingSeverity.Error, "x.png")]
    [InlineData("DuplicateName", FindingSeverity.Error, "x.png")]
    [InlineData("PhotoUnreadable", FindingSeverity.Error, "x.png")]
    [InlineData("MaskUnreadable", FindingSeverity.Error, "x.png")]
    [InlineData("SizeMismatch", FindingSeverity.Error, "x.png")]
    [InlineData("MaskNotBinary", FindingSeverity.Error, "x.png")]
    [InlineData("MaskEmpty", FindingSeverity.Error, "x.png")]
    [InlineData("MaskNearlyEmpty", FindingSeverity.Error, "x.png")]
    [InlineData("MaskCoverage", FindingSeverity.Warning, "x.png")]
    [InlineData("MaskJpeg", FindingSeverity.Warning, "x.jpg")]
    public void Finds_one_planted_fault_and_nothing_else(string check, FindingSeverity severity, string file)
    {
        using var set = new DatasetFolder();
        set.Pair("sound");
        switch (check)
        {
            case "PhotoWithoutMask": set.Photo("x.png"); break;
            case "MaskWithoutPhoto": set.Mask("x.png"); break;
            case "DuplicateName": set.Pair("x").Photo("x.jpg"); break;
            case "PhotoUnreadable": set.Mask("x.png").Text("images", "x.png", "text"); break;
            case "MaskUnreadable": set.Photo("x.png").Text("masks", "x.png", ""); break;
            case "SizeMismatch": set.Photo("x.png", 41, 30).Mask("x.png"); break;
            case "MaskNotBinary": set.Photo("x.png").Mask("x.png", on: 254); break;
            case "MaskEmpty": set.Pair("x", 0); break;
            case "MaskNearlyEmpty": set.Pair("x", 99); break;
            case "MaskCoverage": set.Pair("x", 601); break;
            default: set.Photo("x.png"); JpegMask(set); break;
        }

        var report = Inspect(set);

        var finding = Assert.Single(report.Findings);
        Assert.Equal((check, severity, "x", file), (finding.Check, finding.Severity, finding.Name, Path.GetFileName(finding.Path)));
        Assert.Equal(severity == FindingSeverity.Error ? DatasetStatus.Fail : DatasetStatus.Pass, report.Status);
        Assert.Equal(severity == FindingSeverity.Error ? (1, 0) : (0, 1), (report.ErrorCount, report.WarningCount));
        Assert.True(finding.Message.Length > 30, finding.Message);
    }

    [Theory]
    [InlineData("images", "", "PhotoUnreadable", "Copy it again from its source")]
    [InlineData("masks", "", "MaskUnreadable", "' is empty. Save the mask again as a PNG, or remove the pair.")]
    [InlineData("masks", "text", "MaskUnreadable", " Save the mask again as a PNG, or remove the pair.")]
    [InlineData("images", Pointer, "PhotoUnreadable", "git lfs pull")]
    [InlineData("masks", Pointer, "MaskUnreadable", "git lfs pull")]
    public void Says_what_to_do_with_a_file_that_cannot_be_read(string part, string content, string check, string advice)
    {
        using var set = new DatasetFolder();
        set.Pair("x").Text(part, "x.png", content);
        var finding = Assert.Single(Inspect(set).Findings);
        Assert.Equal(check, finding.Check);
        Assert.Contains(advice, finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Calls_a_JPEG_mask_repairable_but_not_a_mask_of_many_greys()
    {
        using var set = new DatasetFolder();
        set.Photo("x.png");
        JpegMask(set);
        Assert.Contains("repair", Assert.Single(Inspect(set).Findings).Message, StringComparison.Ordinal);
        var strict = Inspect(set, Findings.OfFewPairs.With(DatasetCheck.MaskJpeg, FindingSeverity.Error));
        Assert.Equal(("MaskJpeg", FindingSeverity.Error), (strict.Findings[0].Check, strict.Findings[0].Severity));
        Assert.Equal((DatasetStatus.Fail, 0), (strict.Status, strict.ValidPairs));
        var off = Inspect(set, Findings.OfFewPairs.With(DatasetCheck.MaskJpeg, null));
        Assert.Equal((0, DatasetStatus.Pass, 1), (off.Findings.Count, off.Status, off.ValidPairs));

        using (var grey = Raster.Rent(40, 30, 1))
        {
            for (int i = 0; i < grey.Pixels.Length; i++) grey.Pixels[i] = (byte)(i % 40 * 6);
            ImageWriter.WriteJpeg(grey, set["masks", "x.jpg"], 92);
        }

        Assert.Contains(Inspect(set).Findings, f => f is { Check: "MaskNotBinary", Severity: FindingSeverity.Error });
    }

    [Fact]
    public void Reports_a_half_turn_unless_other_masks_show_that_they_were_drawn_upright()
    {
        using var set = new DatasetFolder();
        Rotated(set, "half", 3, 40, 30);
        Assert.Equal(("OrientationDiffers", "half"), Only(Inspect(set)));
        Rotated(set, "quarter", 6, 30, 40);
        Assert.Empty(Inspect(set).Findings);
        Rotated(set, "stored", 6, 40, 30);
        var found = Inspect(set).Findings.Select(f => $"{f.Check} {f.Name}").Order(StringComparer.Ordinal);
        Assert.Equal(["MaskOrientation stored", "OrientationDiffers half"], found);

        static (string Check, string Name) Only(DatasetReport report) => (Assert.Single(report.Findings).Check, report.Findings[0].Name);
    }

    [Fact]
    public void Fails_when_nothing_was_inspected_or_the_folder_is_empty_or_missing()
    {
        var nothing = new DatasetInspector().Report();
        Assert.Equal((DatasetStatus.Fail, "NoDataset"), (nothing.Status, Assert.Single(nothing.Findings).Check));

        using var set = new DatasetFolder();
        var empty = Inspect(set);
        Assert.Equal((DatasetStatus.Fail, "NoPhotos"), (empty.Status, Assert.Single(empty.Findings).Check));

        var inspector = new DatasetInspector(Findings.OfFewPairs);
        inspector.Inspect(set["none"], null, CancellationToken.None);
        Assert.Equal((DatasetStatus.Fail, "NoDataset"), (inspector.Report().Status, inspector.Report().Findings[0].Check));
    }

    [Fact]
    public void Reports_several_folders_together_and_continues_after_a_missing_one()
    {
        using var first = new DatasetFolder();
        using var second = new DatasetFolder();
        first.Pair("a");
        second.Pair("a").Pair("b");
        var inspector = new DatasetInspector(Findings.OfFewPairs);
        foreach (string path in new[] { first.Path, first["none"], second.Path }) inspector.Inspect(path, null, CancellationToken.None);
        var report = inspector.Report();
        Assert.Equal((3, 3, 1), (report.ImageCount, report.ValidPairs, report.ErrorCount));
        Assert.Equal("1 error, 0 warnings", report.Findings.ToString());
        Assert.ThrowsAny<OperationCanceledException>(() => inspector.Inspect(first.Path, null, new CancellationToken(true)));
    }

    private static DatasetReport Inspect(DatasetFolder set, CheckSettings? settings = null)
    {
        var inspector = new DatasetInspector(settings ?? Findings.OfFewPairs);
        inspector.Inspect(set.Path, null, CancellationToken.None);
        return inspector.Report();
    }

    /// <summary>A photo stored as 40 x 30 with an EXIF orientation, and a mask without one.</summary>
    private static void Rotated(DatasetFolder set, string name, int orientation, int width, int height)
    {
        set.Photo(name + ".jpg").Mask(name + ".png", width: width, height: height);
        string path = set["images", name + ".jpg"];
        File.WriteAllBytes(path, ImageFiles.WithOrientation(File.ReadAllBytes(path), orientation, little: true));
    }

    /// <summary>A box; its JPEG file has ringing at the edges.</summary>
    private static void JpegMask(DatasetFolder set)
    {
        using var mask = Raster.Rent(40, 30, 1);
        mask.Pixels.Clear();
        for (int y = 9; y < 21; y++) mask.Pixels.Slice((y * 40) + 10, 20).Fill(255);
        ImageWriter.WriteJpeg(mask, set["masks", "x.jpg"], 95);
        Assert.Contains(ImageFiles.ReadMask(File.ReadAllBytes(set["masks", "x.jpg"])).Pixels.ToArray(), v => v is not (0 or 255));
    }
}
