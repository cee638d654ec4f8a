using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Imaging;
using WaterMeters.Ml.Tests.Datasets;

namespace WaterMeters.Ml.Tests.Imaging;

public class DarkSixteenBitTests
{
    [Theory]
    [InlineData(4095, true)] // 12 bits
    [InlineData(16_383, true)] // 14 bits
    [InlineData(65_535, false)]
    public void A_photo_of_16_bits_that_uses_only_the_lower_ones_is_not_read_as_black_in_silence(int largest, bool isDark)
    {
        using var set = new DatasetFolder();
        const int Side = 24;
        var random = new Random(1);
        byte[][] lines = [.. Enumerable.Range(0, Side).Select(_ => Enumerable.Range(0, 3 * Side).SelectMany(_ =>
        {
            int value = random.Next(largest / 2, largest + 1);
            return new[] { (byte)(value >> 8), (byte)value };
        }).ToArray())];
        File.WriteAllBytes(set["images", "a.png"], ImageFiles.Png(Side, Side, 16, 2, lines));
        set.Mask("a.png", 200, Side, Side);
        var inspector = new DatasetInspector();
        inspector.Inspect(set.Path, null, CancellationToken.None);

        using var photo = ImageReader.DecodePhoto(set["images", "a.png"]);
        var finding = Assert.Single(inspector.Report().Findings, f => f.Check == "SixteenBit");

        Assert.Equal(isDark ? ImageFlaws.DarkSixteenBit : ImageFlaws.None, photo.Flaws);
        Assert.Equal(isDark, finding.Message.Contains("nearly black", StringComparison.Ordinal));
        Assert.DoesNotContain(inspector.Report().Findings, f => f.Check == "PhotoDark");
    }
}
