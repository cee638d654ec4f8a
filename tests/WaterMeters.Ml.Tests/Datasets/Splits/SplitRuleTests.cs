using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Tests.Reporting.Markup;

namespace WaterMeters.Ml.Tests.Datasets.Splits;

public class SplitRuleTests
{
    [Fact]
    public void Assigns_about_the_requested_fractions()
    {
        var counts = Hashes(10_000).CountBy(h => new SplitRule().Assign(h, "any")).ToDictionary();
        Assert.InRange(counts[DatasetSplit.Train], 7_850, 8_150);
        Assert.InRange(counts[DatasetSplit.Validation], 900, 1_100);
        Assert.InRange(counts[DatasetSplit.Test], 900, 1_100);
        Assert.All(Hashes(100), h => Assert.Equal(DatasetSplit.Test, new SplitRule(new SplitFractions(0, 0)).Assign(h, "")));
        Assert.All(Hashes(100), h => Assert.Equal(DatasetSplit.Train, new SplitRule(new SplitFractions(1, 0)).Assign(h, "")));
    }

    [Fact]
    public void The_part_depends_on_the_hash_alone()
    {
        Assert.Equal(DatasetSplit.Train, new SplitRule().Assign(new string('0', 64), "a"));
        Assert.Equal(DatasetSplit.Train, new SplitRule().Assign("ccccccccccccc000" + new string('f', 48), "a"));
        Assert.Equal(DatasetSplit.Validation, new SplitRule().Assign("ccccccccccccd000" + new string('0', 48), "a"));
        Assert.Equal(DatasetSplit.Validation, new SplitRule().Assign("e666666666666000" + new string('f', 48), "a"));
        Assert.Equal(DatasetSplit.Test, new SplitRule().Assign("e666666666668000" + new string('0', 48), "a"));
        Assert.Equal(DatasetSplit.Test, new SplitRule().Assign(new string('F', 64), "a"));
        Assert.All(Hashes(200), h => Assert.Equal(new SplitRule().Assign(h, "a"), new SplitRule().Assign(h.ToUpperInvariant(), "another")));
    }

    [Fact]
    public void A_split_file_sets_fractions_and_assigns_photos_by_hash_or_name_in_any_case()
    {
        string[] hashes = Hashes(3);
        using var folder = new TempFolder();
        string photos = $$"""{"{{hashes[0]}}": "test", "IMG_7": "Train"}""";
        File.WriteAllText(folder["s.json"], $$"""{"fractions": {"train": 0, "validation": 1}, "photos": {{photos}}}""");
        var rule = SplitRule.For(SplitStore.Empty, folder["s.json"]);
        Assert.Equal((0.0, 1.0), (rule.Fractions.Train, rule.Fractions.Validation));
        Assert.Equal(DatasetSplit.Test, rule.Assign(hashes[0].ToUpperInvariant(), "x"));
        Assert.Equal(DatasetSplit.Train, rule.Assign(hashes[1], "img_7"));
        Assert.Equal(DatasetSplit.Validation, rule.Assign(hashes[2], "x"));
    }

    [Fact]
    public void A_split_file_may_have_a_byte_order_mark()
    {
        using var folder = new TempFolder();
        foreach (var encoding in new[] { new UTF8Encoding(true), Encoding.Unicode, Encoding.BigEndianUnicode })
        {
            File.WriteAllText(folder["s.json"], """{"photos": {"żółw": "test"}}""", encoding);
            Assert.Equal(DatasetSplit.Test, SplitRule.For(SplitStore.Empty, folder["s.json"]).Assign(new string('0', 64), "żółw"));
        }
    }

    [Theory]
    [InlineData("""{"fractions": {"train": 0.8, "validation": 0.3, "test": 0.1}}""", "1.2")]
    [InlineData("""{"fractions": {"train": 1.5, "validation": -0.5}}""", "1.5")]
    [InlineData("""{"fractions": {"train": 0.8}}""", "split file")]
    [InlineData("""{"fractions": {"train": "most", "validation": 0.1}}""", "split file")]
    [InlineData("""{"photos": {"a": "holdout"}}""", "holdout")]
    [InlineData("""{"photos": {"a": 3}}""", "split file")]
    [InlineData("""{"photos": ["a"]}""", "split file")]
    [InlineData("""[1]""", "split file")]
    [InlineData("""{""", "split file")]
    public void Names_the_split_file_and_its_fault(string text, string expected)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["s.json"], text);
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("pl-PL");
        try
        {
            var error = Assert.Throws<DatasetException>(() => SplitRule.For(SplitStore.Empty, folder["s.json"]));
            Assert.Contains(folder["s.json"], error.Message, StringComparison.Ordinal);
            Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Names_a_missing_split_file_and_refuses_invalid_fractions()
    {
        using var folder = new TempFolder();
        var error = Assert.Throws<DatasetException>(() => SplitRule.For(SplitStore.Empty, folder["none"]));
        Assert.Contains(folder["none"], error.Message, StringComparison.Ordinal);
        Assert.Throws<SettingsException>(() => new SplitFractions(0.8, 0.3));
        Assert.Throws<SettingsException>(() => new SplitFractions(double.NaN, 0.3));
        Assert.Throws<SettingsException>(() => new SplitFractions(-0.1, 0.3));
    }

    private static string[] Hashes(int count) =>
        [.. Enumerable.Range(0, count).Select(i => Convert.ToHexStringLower(SHA256.HashData(BitConverter.GetBytes(i))))];
}
