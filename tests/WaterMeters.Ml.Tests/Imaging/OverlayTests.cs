using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Tests.Imaging;

public class OverlayTests
{
    [Fact]
    public void Draws_a_bright_line_with_dark_borders_along_the_edge_only()
    {
        using var photo = Grey(100, 80);
        byte[] mask = Rectangle(100, 80, 30, 20, 70, 60);

        Overlay.Draw(photo, mask);

        // Across the left edge: photo, dark, bright on either side of the edge, dark, photo.
        Assert.Equal("..dbbd......", Row(photo, 40, 26, 12));
        for (int i = 0; i < mask.Length; i++)
        {
            int x = i % 100, y = i / 100;
            bool far = x < 28 || x >= 72 || y < 18 || y >= 62 || (x is >= 32 and < 68 && y is >= 22 and < 58);
            if (far) Assert.Equal('.', Kind(photo, x, y));
        }
    }

    [Fact]
    public void Draws_wider_lines_in_larger_photos()
    {
        using var photo = Grey(2000, 40);

        Overlay.Draw(photo, Rectangle(2000, 40, 1000, 0, 2000, 40));

        Assert.Equal("..dbbbbbd..", Row(photo, 20, 994, 11));
    }

    [Fact]
    public void Closes_the_outline_of_a_mask_that_fills_the_photo()
    {
        using var photo = Grey(50, 50);

        Overlay.Draw(photo, Rectangle(50, 50, 0, 0, 50, 50));

        Assert.Equal("bd....", Row(photo, 25, 0, 6));
        Assert.Equal("bbbbbb", Row(photo, 49, 20, 6));
    }

    [Fact]
    public void Changes_nothing_for_an_empty_mask()
    {
        using var photo = ImageFiles.Noise(33, 21, 4, 1);
        byte[] before = photo.Pixels.ToArray();

        Overlay.Draw(photo, new byte[33 * 21]);

        Assert.Equal(before, photo.Pixels.ToArray());
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 9)]
    [InlineData(7, 1)]
    [InlineData(23, 17)]
    public void Draws_any_mask_at_any_size(int width, int height)
    {
        using var photo = Grey(width, height);
        byte[] mask = new byte[width * height];
        new Random(width).NextBytes(mask);
        mask[0] = 1;

        Overlay.Draw(photo, mask);

        Assert.NotEqual('.', Kind(photo, 0, 0));
    }

    [Fact]
    public void Rejects_a_mask_of_another_size()
    {
        using var photo = Grey(10, 10);
        Assert.Throws<ArgumentException>(() => Overlay.Draw(photo, new byte[99]));
    }

    private static Raster Grey(int width, int height)
    {
        var photo = Raster.Rent(width, height, 4);
        photo.Pixels.Fill(128);
        return photo;
    }

    private static byte[] Rectangle(int width, int height, int left, int top, int right, int bottom) =>
        [.. Enumerable.Range(0, width * height).Select(i =>
            i % width >= left && i % width < right && i / width >= top && i / width < bottom ? (byte)255 : (byte)0)];

    private static string Row(Raster photo, int y, int x, int count) =>
        string.Concat(Enumerable.Range(x, count).Select(column => Kind(photo, column, y)));

    private static char Kind(Raster photo, int x, int y)
    {
        var pixel = photo.Pixels.Slice(4 * ((y * photo.Width) + x), 3);
        return (pixel[0], pixel[1], pixel[2]) switch
        {
            (128, 128, 128) => '.',
            (0, 0, 0) => 'd',
            (57, 255, 20) => 'b',
            _ => '?',
        };
    }
}
