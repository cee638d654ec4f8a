using WaterMeters.Ml.Imaging;
using WaterMeters.Ml.Imaging.Regions;
using WaterMeters.Ml.Tests.Reporting.Markup;

namespace WaterMeters.Ml.Tests.Imaging;

public class WindowCropTests
{
    private const int Width = 200, Height = 160;

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(-37.5)]
    [InlineData(80)]
    [InlineData(90)]
    [InlineData(-89)]
    public void Turns_the_longer_side_level_and_keeps_its_direction(double angle)
    {
        // Red grows along the longer side, green across it, one level a pixel; both are 128 at the centre of the rectangle.
        double cos = Math.Cos(double.DegreesToRadians(angle)), sin = Math.Sin(double.DegreesToRadians(angle));
        using var photo = Photo((x, y) =>
        {
            (double dx, double dy) = (x + 0.5 - 100, y + 0.5 - 80);
            return ((cos * dx) + (sin * dy) + 128, (cos * dy) - (sin * dx) + 128);
        });

        using var crop = WindowCrop.Cut(photo, Shape(100, 80, 60, 20, angle));

        Assert.Equal((68, 28), (crop.Width, crop.Height)); // a fifth of 20 on each side
        for (int y = 0; y < crop.Height; y++)
        {
            for (int x = 0; x < crop.Width; x++)
            {
                var pixel = crop.Pixels.Slice(4 * ((y * crop.Width) + x), 2);
                Assert.InRange(pixel[0] - (x + 0.5 - 34 + 128), -1.5, 1.5);
                Assert.InRange(pixel[1] - (y + 0.5 - 14 + 128), -1.5, 1.5);
            }
        }
    }

    [Fact]
    public void A_level_window_keeps_the_pixels_of_the_photo()
    {
        using var photo = ImageFiles.Noise(Width, Height, 4, 3);
        using var crop = WindowCrop.Cut(photo, Shape(101, 80.5, 62, 25, 0)); // margin 5: 72 x 35 from (65, 63)
        Assert.Equal((72, 35), (crop.Width, crop.Height));
        for (int y = 0; y < crop.Height; y++)
        {
            for (int x = 0; x < crop.Width; x++)
            {
                var expected = photo.Pixels.Slice(4 * (((63 + y) * Width) + 65 + x), 3);
                Assert.True(expected.SequenceEqual(crop.Pixels.Slice(4 * ((y * crop.Width) + x), 3)), $"pixel {x}, {y}");
            }
        }
    }

    [Fact]
    public void Repeats_the_border_of_the_photo_beyond_it()
    {
        using var photo = Photo((x, _) => (50 + x, 100));
        using var crop = WindowCrop.Cut(photo, Shape(10, 10, 20, 10, 0));
        Assert.Equal((24, 14), (crop.Width, crop.Height));
        Assert.Equal((50, 50, 51), (crop.Pixels[0], crop.Pixels[8], crop.Pixels[12]));
    }

    [Theory]
    [InlineData(1, 1, 0, 1, 1)]
    [InlineData(Width, Height, 0, Width, Height)]
    [InlineData(230, 150, 38, Width, Height)]
    public void Has_at_least_one_pixel_and_never_more_than_the_photo(
        double rectWidth, double rectHeight, double angle, int mostWidth, int mostHeight)
    {
        using var photo = ImageFiles.Noise(Width, Height, 4, 3);
        using var crop = WindowCrop.Cut(photo, Shape(100, 80, rectWidth, rectHeight, angle));
        Assert.InRange(crop.Width * crop.Height, 1, mostWidth * mostHeight);
    }

    [Theory]
    [InlineData("....rr", true)]
    [InlineData("rr....", false)]
    [InlineData("......", null)]
    [InlineData("rrrrrr", null)] // a red face
    [InlineData("rr..rr", null)]
    [InlineData("r..rrr", true)]
    [InlineData("rrr..r", null)] // too little to turn a window over
    public void Red_drums_tell_which_way_up(string columns, bool? upright)
    {
        using var window = Photo((x, _) => columns[x * columns.Length / Width] == 'r' ? (200, 60) : (90, 90));
        Assert.Equal(upright, DigitDirection.IsUpright(window));
    }

    [Fact]
    public void Turns_a_window_over()
    {
        using var window = Photo((x, y) => (x, y));
        WindowCrop.TurnOver(window);
        Assert.Equal([Width - 1, Height - 1], window.Pixels[..2].ToArray().Select(v => (int)v));
        Assert.Equal([0, 0], window.Pixels[^4..^2].ToArray().Select(v => (int)v));
    }

    private static MaskShape Shape(double x, double y, double width, double height, double angle) =>
        new(1, 1, 0, 0, 1, 1, x, y, width, height, angle);

    private static Raster Photo(Func<int, int, (double Red, double Green)> color)
    {
        var photo = Raster.Rent(Width, Height, 4);
        for (int i = 0; i < Width * Height; i++)
        {
            var (red, green) = color(i % Width, i / Width);
            byte[] pixel = [(byte)Math.Clamp(red, 0, 255), (byte)Math.Clamp(green, 0, 255), 0, 255];
            pixel.CopyTo(photo.Pixels[(4 * i)..]);
        }

        return photo;
    }
}
