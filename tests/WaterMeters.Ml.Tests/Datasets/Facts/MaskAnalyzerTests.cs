using WaterMeters.Ml.Datasets.Facts;
using WaterMeters.Ml.Imaging;
using WaterMeters.Ml.Tests.Imaging;

namespace WaterMeters.Ml.Tests.Datasets.Facts;

public class MaskAnalyzerTests
{
    [Theory]
    [InlineData("........ ..####.. ..####.. ........", 1, 0, false)]
    [InlineData("........ ..####.. ..#..#.. ..####..", 1, 1, true)]
    [InlineData("........ .###.... .#.####. .###.##. .....##. ........", 1, 1, false)]
    [InlineData("........ .#....#. .#....#. ........", 2, 0, false)]
    [InlineData("........ .###.... .#.#.##. .###.##. ........", 2, 1, false)]
    [InlineData("........ .#..#... .#..#... .####... ........", 1, 0, false)]
    [InlineData("#....... ........ ........", 1, 0, true)]
    [InlineData("........ .......# ........", 1, 0, true)]
    [InlineData("........ ........ ...#....", 1, 0, true)]
    [InlineData("######## ######## ########", 1, 0, true)]
    [InlineData("........ ........", 0, 0, false)]
    public void Counts_pieces_and_holes_and_detects_the_border(string rows, int pieces, int holes, bool touches)
    {
        using var folder = new TempFolder();
        string[] lines = rows.Split(' ');
        var values = lines.Select(l => l.Select(c => (byte)(c == '#' ? 255 : 0)).ToArray());
        var facts = Measure(folder, ImageFiles.Png(8, lines.Length, 8, 0, values));
        Assert.Equal((pieces, holes, touches), (facts.Pieces, facts.Holes, facts.TouchesBorder));
        Assert.Equal(rows.Count(c => c == '#'), facts.ForegroundPixels);
        Assert.Equal(0, facts.OffPixels);
    }

    [Fact]
    public void Counts_values_other_than_0_and_255()
    {
        using var folder = new TempFolder();
        var facts = Measure(folder, ImageFiles.Png(7, 1, 8, 0, [[0, 1, 32, 33, 126, 127, 255]]));
        Assert.Equal((2, 5, 3), (facts.ForegroundPixels, facts.OffPixels, facts.MiddlePixels));
    }

    [Fact]
    public void Distinguishes_colours_transparency_depth_and_palettes()
    {
        using var folder = new TempFolder();
        var grey = Measure(folder, ImageFiles.Png(2, 1, 8, 2, [[0, 0, 0, 255, 255, 255]]));
        Assert.Equal((true, false), (grey.Header.IsColour, grey.Header.HasAlpha));
        Assert.Equal((0, 0, 1), (grey.ColouredPixels, grey.TransparentPixels, grey.ForegroundPixels));
        var red = Measure(folder, ImageFiles.Png(2, 1, 8, 2, [[255, 0, 0, 255, 255, 255]]));
        Assert.Equal((1, 0, 1), (red.ColouredPixels, red.TransparentPixels, red.ForegroundPixels));
        var alpha = Measure(folder, ImageFiles.Png(2, 1, 8, 6, [[0, 0, 0, 0, 255, 255, 255, 255]]));
        Assert.Equal((true, 0, 1, 1), (alpha.Header.HasAlpha, alpha.ColouredPixels, alpha.TransparentPixels, alpha.ForegroundPixels));
        var opaque = Measure(folder, ImageFiles.Png(2, 1, 8, 4, [[0, 255, 255, 255]]));
        Assert.Equal((true, 0, 1), (opaque.Header.HasAlpha, opaque.TransparentPixels, opaque.ForegroundPixels));
        var deep = Measure(folder, ImageFiles.Png(2, 1, 16, 0, [[0, 0, 255, 255]]));
        Assert.Equal((16, 1, 0), (deep.Header.BitDepth, deep.ForegroundPixels, deep.OffPixels));
        var palette = Measure(folder, ImageFiles.Png(2, 1, 8, 3, [[0, 1]], ("PLTE", [255, 255, 255, 0, 0, 0])));
        Assert.Equal((true, 8), (palette.Header.IsPalette, palette.Header.BitDepth));
        Assert.Equal((1, 0), (palette.ForegroundPixels, palette.ColouredPixels));
        var see = Measure(folder, ImageFiles.Png(2, 1, 8, 3, [[0, 1]], ("PLTE", [255, 255, 255, 0, 0, 0]), ("tRNS", [0])));
        Assert.Equal((true, 1), (see.Header.HasAlpha, see.TransparentPixels));
        using var noise = ImageFiles.Noise(16, 16, 4, 3);
        var jpeg = Measure(folder, ImageFiles.Jpeg(noise, folder));
        Assert.Equal((ImageFormat.Jpeg, 8), (jpeg.Header.Format, jpeg.Header.BitDepth));
        Assert.Equal((true, false), (jpeg.Header.IsColour, jpeg.Header.HasAlpha));
    }

    private static MaskFacts Measure(TempFolder folder, byte[] file)
    {
        string path = folder["mask"];
        File.WriteAllBytes(path, file);
        return new MaskAnalyzer().Measure(path);
    }
}
