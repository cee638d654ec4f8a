using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Datasets.Splits;

namespace WaterMeters.Ml.Tests.Datasets.Checks;

public class PartChecksTests
{
    [Theory]
    [InlineData("train train validation test", "")]
    [InlineData("train validation test", "3 photos 1 are in Train, 1 in Validation and 1 in Test, but a training needs 2 photos in Train.")]
    [InlineData("train train test", "0 in Validation and 1 in Test, but a training needs a photo in Validation.")]
    [InlineData("train train validation", "a measurement needs a photo in Test.")]
    [InlineData("aside aside aside", "2 photos in Train, a training needs a photo in Validation, a measurement needs a photo in Test.")]
    public void Warns_of_parts_that_a_training_or_a_measurement_refuses(string parts, string expected)
    {
        using var set = new DatasetFolder();
        string[] words = parts.Split(' ');
        var entries = words.Select((part, i) => FormattableString.Invariant($"\"{i}\": \"{part}\""));
        File.WriteAllText(set["split.json"], "{\"photos\": {" + string.Join(", ", entries) + "}}");
        foreach (var (i, _) in words.Index()) set.Photo(FormattableString.Invariant($"{i}.png"), 40 + i).Mask($"{i}.png", 200, 40 + i);
        var inspector = new DatasetInspector(splitPath: set["split.json"]);
        inspector.Inspect(set.Path, null, CancellationToken.None);
        var found = inspector.Report().Findings;
        if (expected.Length == 0)
        {
            Assert.Empty(found);
            return;
        }

        var finding = Assert.Single(found);
        Assert.Equal(
            (nameof(DatasetCheck.PartTooSmall), FindingSeverity.Warning, set.Path), (finding.Check, finding.Severity, finding.Path));
        Assert.Contains(expected, finding.Message, StringComparison.Ordinal);
        Assert.EndsWith("with Split-WmsDataset or a split file.", finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(126, true)]
    [InlineData(127, false)]
    public void A_part_without_a_window_is_refused(byte on, bool refused)
    {
        using var set = new DatasetFolder();
        set.Photo("a.png").Mask("a.png", 0).Photo("b.png", 41).Mask("b.png", 200, 41, on: on);
        var contents = DatasetContents.Read(set.Path, null, CancellationToken.None);
        var fault = Record.Exception(() => contents.EnsureWindow(contents.Pairs, "the Train part", CancellationToken.None));
        Assert.Equal(refused, fault is DatasetException);
        Assert.Equal(refused, fault?.Message.Contains("Repair-WmsDataset", StringComparison.Ordinal) == true);
    }
}
