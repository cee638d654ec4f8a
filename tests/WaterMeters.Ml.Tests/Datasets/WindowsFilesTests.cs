using System.Text;
using WaterMeters.Ml.Datasets;
using WaterMeters.Ml.Datasets.Facts;
using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Reporting.DatasetReports;
using WaterMeters.Ml.Settings;
using WaterMeters.Ml.Tests.Reporting.DatasetReports;

namespace WaterMeters.Ml.Tests.Datasets;

/// <summary>Files as Windows, its editors, git and OneDrive make them.</summary>
public sealed class WindowsFilesTests : IDisposable
{
    private readonly DatasetFolder set = new();

    public static bool IsWindows => OperatingSystem.IsWindows();

    public void Dispose() => set.Dispose();

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public void Settings_split_and_report_are_read_in_the_encodings_of_Windows_editors(string encoding)
    {
        set.Pair("zdjęcie");
        string hash = FileHash.Compute(set["images", "zdjęcie.png"]);
        Write(set["wms.yaml"], "dataset:\n  path: zdjęcia\n", encoding);
        Write(set["split.json"], "{\n\"photos\": {\"zdjęcie\": \"test\"}}\n", encoding);
        string report = set["report.json"];
        DatasetReportFileTests.Inspect(set, out var found, out var statistics);
        DatasetReportFile.Write(CheckedDataset.Now(found, statistics), report, cancellation: TestContext.Current.CancellationToken);
        Write(report, File.ReadAllText(report), encoding);

        var settings = DatasetSettings.Read(SettingsFile.Read(set["wms.yaml"], Assert.Fail, strict: true), Assert.Fail);
        Assert.Equal(set["zdjęcia"], settings.DataPath);
        Assert.Equal(DatasetSplit.Test, SplitRule.For(set.Path, set["split.json"]).Assign(hash, "zdjęcie"));
        Assert.Equal(1, CheckedDataset.Read(report).Report.ImageCount);
    }

    [Fact]
    public void A_stored_split_means_the_same_after_git_changed_its_line_ends()
    {
        var moved = new SplitOverride(new string('a', 64), SplitReason.SetAside, new string('b', 64));
        SplitStore.Add(set.Path, [moved]);
        string file = Assert.Single(Directory.GetFiles(SplitFolder.PathFor(set.Path), "*.json", SearchOption.AllDirectories));
        Write(file, File.ReadAllText(file), "utf-8");
        byte[] changed = File.ReadAllBytes(file);

        Assert.Equal([moved], SplitStore.Read(set.Path).Overrides);
        SplitStore.Add(set.Path, [moved]);
        Assert.Equal(changed, File.ReadAllBytes(file));
        Assert.Equal(moved.FileName, Path.GetRelativePath(
            Path.Combine(SplitFolder.PathFor(set.Path), SplitFolder.OverridesFolder), file));
    }

    [Fact]
    public void A_file_that_is_online_only_is_a_photo_like_any_other_and_its_facts_stay_cached()
    {
        // What OneDrive changes when it brings the content is an attribute; size and time of writing stay.
        set.Pair("a");
        string photo = set["images", "a.png"];
        File.SetLastWriteTimeUtc(photo, DateTime.UtcNow.AddDays(-1));
        var before = FileStamp.TryRead(photo);
        if (IsWindows) File.SetAttributes(photo, FileAttributes.Offline | FileAttributes.Archive);

        Assert.Equal(photo, Assert.Single(PhotoFolder.List(set["images"]).Photos));
        Assert.False(PhotoFolder.IsHidden(photo));
        Assert.Equal(before, FileStamp.TryRead(photo));
        Assert.NotEmpty(FileHash.Compute(photo));
    }

    [Fact(SkipUnless = nameof(IsWindows), Skip = "Other systems have no such attributes.")]
    public void Hidden_and_system_files_are_left_out_and_counted()
    {
        set.Pair("a").Photo("b.png").Photo("c.png");
        File.SetAttributes(set["images", "b.png"], FileAttributes.Hidden);
        File.SetAttributes(set["images", "c.png"], FileAttributes.System);
        var found = PhotoFolder.List(set["images"]);
        Assert.Equal([set["images", "a.png"]], found.Photos);
        Assert.Equal([set["images", "b.png"], set["images", "c.png"]], found.Hidden);
        Assert.True(PhotoFolder.IsHidden(set["images", "b.png"]));
    }

    [Fact]
    public void A_read_only_photo_and_mask_are_listed_read_and_replaced()
    {
        set.Pair("a");
        File.SetAttributes(set["masks", "a.png"], FileAttributes.ReadOnly);
        byte[] old = SafeFileWriter.Read(set["masks", "a.png"]), changed = [.. old, 0];
        new SafeFileWriter(null).Write(set["masks", "a.png"], changed, overwrite: true, _ => { });
        Assert.Equal(changed, File.ReadAllBytes(set["masks", "a.png"]));
        File.SetAttributes(set["images", "a.png"], FileAttributes.ReadOnly);
        new SafeFileWriter(null).Remove(set["images", "a.png"]);
        Assert.Empty(PhotoFolder.List(set["images"]).Photos);
    }

    [Fact]
    public void A_data_set_named_in_other_letters_is_one_where_the_system_says_so()
    {
        set.Pair("a");
        string upper = set.Path.ToUpperInvariant();
        var selected = DatasetSelection.From([Path.Combine(set["images"], "a.png"), upper]);
        Assert.Equal(IsWindows || OperatingSystem.IsMacOS() ? 1 : 2, selected.Count);
        Assert.Equal(selected.Count == 1, FactsFile.NameFor(set.Path) == FactsFile.NameFor(upper));
    }

    private static void Write(string path, string text, string encoding) =>
        File.WriteAllText(path, text.ReplaceLineEndings("\r\n"), Encoding.GetEncoding(encoding));
}
