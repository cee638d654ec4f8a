using WaterMeters.Ml.Datasets;
using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Tests.Datasets.Facts;

namespace WaterMeters.Ml.Tests.Datasets;

/// <summary>Checks of some pairs of a data set.</summary>
public class DatasetSelectionTests
{
    [Fact]
    public void A_photo_or_a_mask_selects_its_pair_and_a_folder_selects_all()
    {
        using var set = new DatasetFolder();
        set.Pair("a").Pair("b").Pair("c").Photo("alone.png").Text("masks", "c.png", "no mask");
        Directory.CreateDirectory(set["split", "photos"]);
        File.WriteAllText(set["split", "fractions.json"], """{"train": 1, "validation": 0}""");

        var selected = DatasetSelection.From([set["images", "a.png"], set["masks", "a.png"], set["masks", "b.png"]]);
        var one = Assert.Single(selected);
        Assert.Equal((set.Path, 3), (one.DataPath, one.Files!.Count));
        Assert.Equal((2, 2, 2, ""), Check(one));
        Assert.Equal((1, 1, 0, "MaskUnreadable"), Check(Only(set["images", "c.png"])));
        Assert.Equal((1, 0, 0, "PhotoWithoutMask"), Check(Only(set["images", "alone.png"])));
        Assert.Equal((0, 0, 0, ""), Check(Only(set["split", "fractions.json"])));
        Assert.Null(Assert.Single(DatasetSelection.From([set["images", "a.png"], set.Path])).Files);

        File.WriteAllText(set["note.txt"], "");
        Assert.Equal((0, 0, 0, "NoDataset"), Check(Only(set["note.txt"])));

        DatasetSelection Only(string path) => Assert.Single(DatasetSelection.From([path]));
    }

    [Fact]
    public void A_partial_check_keeps_what_the_cache_knows_of_the_other_pairs()
    {
        using var set = new DatasetFolder();
        using var cache = new TempFolder();
        set.Pair("a").Pair("b");
        foreach (string file in Directory.GetFiles(set.Path, "*", SearchOption.AllDirectories))
        {
            File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch.AddYears(50));
        }

        Assert.Equal(2, Measured(null));
        File.SetLastWriteTimeUtc(set["images", "a.png"], DateTime.UnixEpoch.AddYears(51));
        Assert.Equal(1, Measured([set["images", "a.png"]]));
        Assert.Equal(0, Measured(null));

        int Measured(string[]? files)
        {
            string said = "";
            var inspector = new DatasetInspector(Findings.OfFewPairs, cacheFolder: cache.Path);
            inspector.Inspect(set.Path, null, CancellationToken.None, verbose: message => said += message, files: files);
            return int.Parse(said.Split("': ")[1].Split(';')[0], System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    private static (int Images, int Masks, int Valid, string Checks) Check(DatasetSelection selection)
    {
        var inspector = new DatasetInspector();
        inspector.Inspect(selection.DataPath, null, CancellationToken.None, files: selection.Files);
        var report = inspector.Report();
        return (report.ImageCount, report.MaskCount, report.ValidPairs, string.Join(',', report.Findings.Select(f => f.Check)));
    }
}
