using System.Globalization;
using WaterMeters.Ml.Imaging.Regions;

namespace WaterMeters.Ml.Reporting.PredictionReports;

/// <summary>A rotated rectangle around a window.</summary>
/// <param name="CentreX">Centre, in pixels from the left edge of the photo.</param>
/// <param name="CentreY">Centre, in pixels from the upper edge.</param>
/// <param name="Along">Longer side in pixels.</param>
/// <param name="Across">Shorter side in pixels.</param>
/// <param name="Angle">Angle of the longer side from horizontal in degrees, positive clockwise.</param>
internal readonly record struct RotatedBox(double CentreX, double CentreY, double Along, double Across, double Angle)
{
    // Below it, the equations of the two sides are nearly the same one, as at 45 degrees.
    private const double LeastDifference = 0.3;

    /// <summary>Returns the rectangle measured of a mask.</summary>
    public static RotatedBox FromShape(in MaskShape shape) =>
        new(shape.CentreX, shape.CentreY, shape.RectWidth, shape.RectHeight, shape.Angle);

    /// <summary>
    /// Returns the rectangle of a record, which has its angle and its bounding box: with the sides a and b, the box is
    /// a cos + b sin wide and a sin + b cos high. Near 45 degrees, where that gives only a + b, the area of the region gives a b. A region
    /// that is no rectangle may have no solution: then the bounding box. Null when nothing was found or the box is unknown.
    /// </summary>
    public static RotatedBox? FromRecord(Prediction prediction)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        if (prediction is not { X: { } left, Y: { } top, BoxWidth: > 0 and var columns, BoxHeight: > 0 and var rows }
            || prediction.Regions == 0)
        {
            return null;
        }

        double width = columns, height = rows, degrees = prediction.Angle ?? 0;
        double x = left + (width / 2), y = top + (height / 2), angle = double.DegreesToRadians(degrees);
        double cos = Math.Abs(Math.Cos(angle)), sin = Math.Abs(Math.Sin(angle)), difference = (cos * cos) - (sin * sin);
        double along, across;
        if (Math.Abs(difference) > LeastDifference)
        {
            along = ((width * cos) - (height * sin)) / difference;
            across = ((height * cos) - (width * sin)) / difference;
        }
        else
        {
            double sum = (width + height) / (cos + sin);
            double area = prediction.Regions == 1 ? prediction.Coverage * prediction.Width * prediction.Height : double.NaN;
            along = (sum + Math.Sqrt((sum * sum) - (4 * area))) / 2;
            across = sum - along;
        }

        bool isBox = along > 0 && across > 0 && along >= 0.9 * across;
        return isBox ? new(x, y, along, across, degrees) : new(x, y, width, height, 0);
    }

    /// <summary>Returns the rectangle as an SVG path.</summary>
    /// <param name="distance">Distance of the path around the rectangle, in pixels of the photo.</param>
    /// <param name="map">Maps a point in pixels of the photo to coordinates of the image.</param>
    public string Path(double distance, Func<double, double, (double X, double Y)> map)
    {
        double angle = double.DegreesToRadians(Angle), cos = Math.Cos(angle), sin = Math.Sin(angle);
        var (centreX, centreY, u, v) = (CentreX, CentreY, (Along / 2) + distance, (Across / 2) + distance);
        return $"M{Corner(-u, -v)}L{Corner(u, -v)}L{Corner(u, v)}L{Corner(-u, v)}Z";

        string Corner(double along, double across)
        {
            var (x, y) = map(centreX + (along * cos) - (across * sin), centreY + (along * sin) + (across * cos));
            return string.Create(CultureInfo.InvariantCulture, $"{x:0.#} {y:0.#}");
        }
    }
}
