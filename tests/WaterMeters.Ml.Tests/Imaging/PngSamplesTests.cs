using SkiaSharp;
using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Tests.Imaging;

public class PngSamplesTests
{
    [Theory]
    [InlineData(1, 0, new byte[] { 0b1010_0000 }, new[] { 1, 0, 1 })]
    [InlineData(2, 0, new byte[] { 0b11_01_00_10 }, new[] { 3, 1, 0, 2 })]
    [InlineData(4, 3, new byte[] { 0x1f, 0x20 }, new[] { 1, 15, 2 })]
    [InlineData(8, 0, new byte[] { 0, 1, 255 }, new[] { 0, 1, 255 })]
    [InlineData(16, 0, new byte[] { 0, 1, 255, 255 }, new[] { 1, 65535 })]
    [InlineData(16, 4, new byte[] { 0, 1, 255, 255 }, new[] { 1, 65535 })]
    [InlineData(8, 2, new byte[] { 1, 2, 3 }, new[] { 1, 2, 3 })]
    public void Returns_the_values_as_stored(int depth, int colour, byte[] line, int[] expected)
    {
        int channels = colour switch { 2 => 3, 4 => 2, _ => 1 };
        byte[] file = ImageFiles.Png(expected.Length / channels, 1, depth, colour, [line], ("PLTE", new byte[48]));
        Assert.Equal(expected, Assert.Single(Lines(file)).Select(value => (int)value));
    }

    [Fact]
    public void Ignores_what_a_program_appended()
    {
        byte[] file = ImageFiles.Png(3, 1, 8, 0, [[0, 1, 255]]);
        Assert.Equal([0, 1, 255], Assert.Single(Lines([.. file, .. "appended by a phone"u8])).Select(value => (int)value));
    }

    [Theory]
    [InlineData(SKPngEncoderFilterFlags.Sub)]
    [InlineData(SKPngEncoderFilterFlags.Up)]
    [InlineData(SKPngEncoderFilterFlags.Avg)]
    [InlineData(SKPngEncoderFilterFlags.Paeth)]
    [InlineData(SKPngEncoderFilterFlags.AllFilters)]
    public void Undoes_every_filter(SKPngEncoderFilterFlags filter)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(37, 23, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        var random = new Random(3);
        for (int y = 0; y < 23; y++)
        {
            for (int x = 0; x < 37; x++)
            {
                bitmap.SetPixel(x, y, new SKColor((byte)(x * 6), (byte)random.Next(256), (byte)(y * 9), (byte)(x + y)));
            }
        }

        using var pixels = bitmap.PeekPixels();
        using var encoded = pixels.Encode(new SKPngEncoderOptions(filter, 6));
        byte[] file = encoded!.ToArray();
        using var decoded = ImageFiles.ReadPhoto(file);
        Assert.Equal(decoded.Pixels.ToArray(), Lines(file).SelectMany(line => line).Select(value => (byte)value));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    [InlineData(5, 9)]
    [InlineData(17, 8)]
    public void Reads_every_pixel_of_an_interlaced_file_once(int width, int height)
    {
        (int X, int Y, int Right, int Down)[] passes =
            [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];
        var lines = from pass in passes
                    where pass.X < width
                    from y in Enumerable.Range(0, height).Where(y => y >= pass.Y && (y - pass.Y) % pass.Down == 0)
                    select Enumerable.Range(0, width).Where(x => x >= pass.X && (x - pass.X) % pass.Right == 0)
                        .Select(x => (byte)((y * width) + x)).ToArray();
        byte[] file = ImageFiles.Png(width, height, 8, 0, lines);
        file[28] = 1; // interlace method; PngSamples leaves the checksums to the decoder
        var found = new int[width * height];
        Array.Fill(found, -1);
        PngSamples.Open(file, "x").Read((samples, y, x, step) =>
        {
            for (int i = 0; i < samples.Length; i++) found[(y * width) + x + (i * step)] = samples[i];
        });
        Assert.Equal(Enumerable.Range(0, width * height).Select(i => (int)(byte)i), found);
    }

    [Fact]
    public void Refuses_a_file_without_all_its_lines()
    {
        byte[] file = ImageFiles.Png(4, 3, 8, 0, [[1, 2, 3, 4]]);
        var fault = Assert.Throws<PhotoException>(() => { Lines(file); });
        Assert.Equal("x.png", fault.Path);
        Assert.Contains("damaged", fault.Message, StringComparison.Ordinal);
        Assert.Throws<PhotoException>(() => { Lines(file[..60]); });
    }

    private static List<ushort[]> Lines(byte[] file)
    {
        var lines = new List<ushort[]>();
        PngSamples.Open(file, "x.png").Read((samples, _, _, _) => lines.Add(samples.ToArray()));
        return lines;
    }
}
