using WaterMeters.Ml.Imaging;
using WaterMeters.Ml.Imaging.Regions;

namespace WaterMeters.Ml.Tests.Imaging;

public class OverlayLabelsTests
{
    private static readonly MaskShape Window = new(1, 3200, 160, 130, 80, 40, 200, 150, 80, 40, 30);

    [Theory]
    [InlineData(1, 0.934, -12.44, "0.93 -12.4°")]
    [InlineData(3, 0.5, 90, "0.50 90.0° 3 regions")]
    [InlineData(0, 0, 0, "nothing found")]
    public void Labels_confidence_angle_and_other_than_one_region(int regions, double confidence, double angle, string text) =>
        Assert.Equal(text, OverlayLabels.Text(Window with { Regions = regions, Angle = angle }, confidence));

    [Fact]
    public void Draws_the_rotated_box_around_the_region_and_the_label_above_it()
    {
        using var photo = Grey(400, 300);
        OverlayLabels.Draw(photo, Window, 0.9);

        // Half of the longer side, and the distance of the box, along the angle from the centre.
        double along = 44, angle = Math.PI / 6;
        Assert.True(IsAmberNear(photo, 200 + (along * Math.Cos(angle)), 150 + (along * Math.Sin(angle))));
        Assert.True(IsAmberNear(photo, 200 - (24 * Math.Sin(angle)), 150 + (24 * Math.Cos(angle))));
        Assert.True(IsGrey(photo, 200, 150));
        Assert.True(IsGrey(photo, 200 + (int)along, 150 - 30)); // where a box that is not rotated would be
        int above = CountAmber(photo, 0, 0, 400, 100), below = CountAmber(photo, 0, 220, 400, 300);
        Assert.True(above > 50 && below == 0, $"{above} above, {below} below");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Keeps_the_label_inside_any_photo(int regions)
    {
        foreach (var (width, height) in new[] { (1, 1), (9, 200), (200, 9), (2000, 1500) })
        {
            using var photo = Grey(width, height);
            var whole = new MaskShape(regions, 4, 0, 0, width, height, width / 2.0, height / 2.0, width, height, 0);
            var shape = regions == 0 ? default : whole;
            OverlayLabels.Draw(photo, shape, 0.5);
            Assert.True(CountAmber(photo, 0, 0, width, height) > 0 || width * height < 10);
        }
    }

    private static Raster Grey(int width, int height)
    {
        var photo = Raster.Rent(width, height, 4);
        photo.Pixels.Fill(128);
        return photo;
    }

    private static bool IsGrey(Raster photo, int x, int y) => photo.Pixels.Slice(4 * ((y * photo.Width) + x), 3) is [128, 128, 128];

    private static bool IsAmberNear(Raster photo, double x, double y) =>
        CountAmber(photo, (int)x - 3, (int)y - 3, (int)x + 4, (int)y + 4) > 0;

    private static int CountAmber(Raster photo, int left, int top, int right, int bottom)
    {
        int count = 0;
        for (int y = top; y < bottom; y++)
        {
            for (int x = left; x < right; x++)
            {
                if (photo.Pixels.Slice(4 * ((y * photo.Width) + x), 3) is [> 180, > 100 and < 200, < 90]) count++;
            }
        }

        return count;
    }
}
