using WaterMeters.Ml.Reporting.PredictionReports;

namespace WaterMeters.Ml.Tests.Reporting.PredictionReports;

public class RotatedBoxTests
{
    [Fact]
    public void Recovers_the_sides_of_a_rectangle_from_its_record_at_every_angle()
    {
        for (double degrees = -89; degrees <= 90; degrees += 1)
        {
            double angle = double.DegreesToRadians(degrees), cos = Math.Abs(Math.Cos(angle)), sin = Math.Abs(Math.Sin(angle));
            var record = Predictions.Found("a", 0.9) with
            {
                Angle = degrees,
                X = 300,
                Y = 200,
                BoxWidth = (int)Math.Round((300 * cos) + (90 * sin)),
                BoxHeight = (int)Math.Round((300 * sin) + (90 * cos)),
                Coverage = 300 * 90 / 1e6,
                Width = 1000,
                Height = 1000,
            };
            var box = RotatedBox.FromRecord(record)!.Value;
            Assert.True(Math.Abs(box.Along - 300) < 4 && Math.Abs(box.Across - 90) < 4, $"at {degrees}: {box}");
            Assert.Equal((record.X + (record.BoxWidth / 2.0), degrees), (box.CentreX, box.Angle));
        }
    }

    [Fact]
    public void Is_the_bounding_box_where_the_region_is_no_rectangle_and_nothing_where_nothing_was_found()
    {
        // At 80 degrees the longer side must be the upright one.
        var ragged = Predictions.Found("a", 0.9) with { Angle = 80, BoxWidth = 200, BoxHeight = 60 };
        Assert.Equal((200, 60, 0), RotatedBox.FromRecord(ragged) is { } box ? ((int)box.Along, (int)box.Across, (int)box.Angle) : default);
        Assert.Null(RotatedBox.FromRecord(Predictions.Nothing("b")));
        Assert.Null(RotatedBox.FromRecord(ragged with { BoxWidth = 0, BoxHeight = 0 }));
    }

    [Fact]
    public void Draws_its_four_corners()
    {
        var box = new RotatedBox(10, 20, 8, 4, 90);
        Assert.Equal("M24 32L24 48L16 48L16 32Z", box.Path(0, (x, y) => (2 * x, 2 * y)));
        Assert.Equal("M13 15L13 25L7 25L7 15Z", box.Path(1, (x, y) => (x, y)));
    }
}
