using WaterMeters.Ml.Datasets;
using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Datasets.Splits;

namespace WaterMeters.Ml.Tests.Datasets;

public class PhotoFolderTests
{
    [Fact]
    public void Leaves_out_hidden_and_temporary_files_and_other_formats()
    {
        using var folder = new TempFolder();
        string[] photos = ["a.jpg", "b.JFIF", "c.webp", "d.png", "e.jpeg"];
        string[] hidden = ["._a.jpg", ".pending-1764-x.jpg", ".trashed-1-a.jpg", "~$a.png", ".thumb.heic"];
        string[] others = ["f.HEIC", "g.heic", "h.tif", "i.bmp", "j.gif"];
        string[] ignored = [".DS_Store", "Thumbs.db", "desktop.ini", ".gitkeep", "notes.txt"];
        foreach (string file in photos.Concat(hidden).Concat(others).Concat(ignored)) File.WriteAllText(folder[file], "");
        Directory.CreateDirectory(folder["folder.jpg"]);

        var listed = PhotoFolder.List(folder.Path);

        Assert.Equal(photos.Select(file => folder[file]), listed.Photos);
        Assert.Equal(hidden.Order(StringComparer.OrdinalIgnoreCase).Select(file => folder[file]), listed.Hidden);
        Assert.Equal(others.Select(file => folder[file]), listed.OtherFormats);
        Assert.Equal(
            $"'{folder.Path}' has 5 images of formats that are not read (.heic: 2, .bmp: 1, .gif: 1, .tif: 1, such as 'f.HEIC'). "
            + $"Save them as JPEG or PNG. Left out 5 hidden or temporary files in '{folder.Path}', such as '.pending-1764-x.jpg'.",
            listed.LeftOut);
    }

    [Fact]
    public void Says_nothing_when_nothing_is_left_out()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["a.jpg"], "");

        Assert.Null(PhotoFolder.List(folder.Path).LeftOut);
    }

    [Fact]
    public void A_data_set_with_hidden_files_and_other_formats_is_checked_and_used_without_them()
    {
        using var set = new DatasetFolder();
        set.Pair("a").Photo("b.png").Photo("._c.jpg").Mask("._c.png").Mask("d.png");
        File.Move(set["images", "b.png"], set["images", "b.jfif"]);
        set.Mask("b.png").Text("images", "d.heic", "no image");
        var warnings = new List<string>();
        var inspector = new DatasetInspector();
        inspector.Inspect(set.Path, null, CancellationToken.None, warnings.Add);
        var report = inspector.Report();

        Assert.Equal((2, 3), (report.ImageCount, report.MaskCount));
        Assert.Equal(2, warnings.Count);
        Assert.All(warnings, warning => Assert.Contains("Left out 1 hidden or temporary files", warning, StringComparison.Ordinal));
        Assert.Equal(
            [("OtherFormat", "", FindingSeverity.Warning), ("MaskWithoutPhoto", "d", FindingSeverity.Error)],
            report.Findings.Where(f => f.Check is "OtherFormat" or "MaskWithoutPhoto").Select(f => (f.Check, f.Name, f.Severity)));
        Assert.Contains("'d.heic' is of a format", report.Findings.Single(f => f.Name == "d").Message, StringComparison.Ordinal);
        var contents = DatasetContents.Read(set.Path, null, CancellationToken.None);
        Assert.Equal(["a", "b"], contents.Pairs.Select(p => p.Pair.Name));
        Assert.Equal(2, contents.Warnings.Count);
        Assert.Contains("d.heic", contents.Warnings[0], StringComparison.Ordinal);
    }
}
