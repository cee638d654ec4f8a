namespace WaterMeters.Ml.Imaging.Regions;

/// <summary>
/// Measurements of a mask: the number of its regions, and position and size of the largest. All zero for an empty mask.
/// Pixels are unit squares: pixel (x, y) covers x..x+1 and y..y+1, x to the right and y downwards, so a region of one
/// pixel has a rectangle of 1 x 1 and its centre at x + 0.5.
/// </summary>
/// <param name="Regions">Number of 8-connected regions (pixels that touch at a corner are connected).</param>
/// <param name="ForegroundPixels">Number of foreground pixels in all regions.</param>
/// <param name="X">First column of the largest region.</param>
/// <param name="Y">First row of the largest region.</param>
/// <param name="BoxWidth">Width of the largest region's bounding box, in columns.</param>
/// <param name="BoxHeight">Height of the largest region's bounding box, in rows.</param>
/// <param name="CentreX">Centre of the minimum-area rectangle around the largest region, in pixels from the left edge of the image.</param>
/// <param name="CentreY">The same centre, in pixels from the upper edge of the image.</param>
/// <param name="RectWidth">Longer side of that rectangle, in pixels.</param>
/// <param name="RectHeight">Shorter side of that rectangle, in pixels.</param>
/// <param name="Angle">
/// Angle of the longer side from horizontal in degrees, in (-90, 90]. Positive is clockwise on the screen, as in OpenCV's RotatedRect
/// and other y-down graphics: at 10 the right end of the side is the lower one, and rotating the image by -<paramref name="Angle"/>
/// makes the side level. For a square, the angle of the side nearer to horizontal; 0 for an empty mask.
/// </param>
internal readonly record struct MaskShape(
    int Regions,
    long ForegroundPixels,
    int X,
    int Y,
    int BoxWidth,
    int BoxHeight,
    double CentreX,
    double CentreY,
    double RectWidth,
    double RectHeight,
    double Angle);
