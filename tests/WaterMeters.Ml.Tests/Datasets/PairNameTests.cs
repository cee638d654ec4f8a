using System.Text;
using WaterMeters.Ml.Datasets;
using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Tests.Datasets.Merging;

namespace WaterMeters.Ml.Tests.Datasets;

/// <summary>Names with accented letters, composed and decomposed, as macOS changes them.</summary>
public class PairNameTests
{
    private static readonly string Composed = "zähler_ż".Normalize(NormalizationForm.FormC);
    private static readonly string Decomposed = Composed.Normalize(NormalizationForm.FormD);

    [Fact]
    public void A_photo_and_a_mask_are_a_pair_in_either_form_with_a_warning()
    {
        using var set = new DatasetFolder();
        set.Photo(Composed + ".png").Mask(Decomposed + ".png");
        Assert.Equal(Composed, Assert.Single(DatasetListing.Read(set.Path).Pairs).Name);
        var finding = Assert.Single(Findings.In(set.Path));
        Assert.Equal((nameof(DatasetCheck.NameForm), FindingSeverity.Warning), (finding.Check, finding.Severity));
        Assert.Equal(set["masks", Decomposed + ".png"], finding.Path);
        Assert.Contains("Rename the mask.", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_photos_whose_names_look_equal_are_duplicate_names()
    {
        using var set = new DatasetFolder();
        set.Pair(Composed).Photo(Decomposed + ".jpg");
        Assert.Contains(Findings.In(set.Path), finding => finding.Check == nameof(DatasetCheck.DuplicateName));
    }

    [Fact]
    public void A_merge_adds_no_photo_whose_name_looks_like_an_existing_one()
    {
        using var data = new DatasetFolder();
        using var more = new DatasetFolder();
        data.Photo(Composed + ".png").Mask(Composed + ".png");
        more.Photo(Decomposed + ".png", 50, 30).Mask(Decomposed + ".png", 200, 50, 30);
        Assert.Equal(MergeOutcome.NameConflict, Assert.Single(MergeCalls.Merge(data.Path, more.Path)).Outcome);
        File.Copy(data["images", Composed + ".png"], more["images", Decomposed + ".png"], overwrite: true);
        File.Copy(data["masks", Composed + ".png"], more["masks", Decomposed + ".png"], overwrite: true);
        Assert.Equal(MergeOutcome.AlreadyThere, Assert.Single(MergeCalls.Merge(data.Path, more.Path)).Outcome);
        Assert.Single(Directory.GetFiles(data["images"]));
    }

    [Fact]
    public void A_split_file_names_a_photo_in_either_form()
    {
        using var set = new DatasetFolder();
        set.Pair(Composed);
        File.WriteAllText(set["split.json"], "{\"photos\": {\"" + Decomposed + ".png\": \"aside\"}}");
        var contents = DatasetContents.Read(set.Path, set["split.json"], TestContext.Current.CancellationToken);
        Assert.Equal(DatasetSplit.Aside, Assert.Single(contents.Pairs).Split);
        Assert.Empty(contents.Warnings);
    }
}
