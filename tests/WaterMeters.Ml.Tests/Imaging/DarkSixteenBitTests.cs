using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Imaging;
using WaterMeters.Ml.Tests.Datasets;

namespace WaterMeters.Ml.Tests.Imaging;

public class DarkSixteenBitTests
{
    [Theory]
    [InlineData(4095, 2, true)] // 12 bits
    [InlineData(16_383, 2, true)] // 14 bits
    [InlineData(4095, 4, true)] // opaque, so the alpha values are 65,535
    [InlineData(4095, 6, true)]
    [InlineData(65_535, 2, false)]
    [InlineData(65_535, 6, false)]
    public void A_photo_of_16_bits_that_uses_only_the_lower_ones_is_not_read_as_black_in_silence(int largest, int colour, bool isDark)
    {
        using var set = new DatasetFolder();
        const int Side = 24;
        var random = new Random(1);
        int channels = colour switch { 2 => 3, 4 => 2, _ => 4 };
        byte[][] lines = [.. Enumerable.Range(0, Side).Select(_ => Enumerable.Range(0, channels * Side).SelectMany(i =>
        {
            int value = colour > 2 && i % channels == channels - 1 ? 65_535 : random.Next(largest / 2, largest + 1);
            return new[] { (byte)(value >> 8), (byte)value };
        }).ToArray())];
        File.WriteAllBytes(set["images", "a.png"], ImageFiles.Png(Side, Side, 16, colour, lines));
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
