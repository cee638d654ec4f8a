namespace WaterMeters.Ml.Imaging.Regions;

/// <summary>
/// What a mask shows: how many regions, and where and how the largest of them lies. All zero for an empty mask.
/// Pixels are unit squares: pixel (x, y) covers x..x+1 and y..y+1, x to the right and y downwards, so a region of one
/// pixel has a rectangle of 1 x 1 and its centre at x + 0.5.
/// </summary>
/// <param name="Regions">Number of 8-connected regions (pixels that touch at a corner belong together).</param>
/// <param name="ForegroundPixels">Foreground pixels of all regions.</param>
/// <param name="X">First column of the largest region.</param>
/// <param name="Y">First row of the largest region.</param>
/// <param name="BoxWidth">Columns from the largest region's first to its last, both counted.</param>
/// <param name="BoxHeight">Rows from the largest region's first to its last, both counted.</param>
/// <param name="CentreX">Centre of the rectangle of smallest area around the largest region, in pixels from the left edge of the image.</param>
/// <param name="CentreY">The same centre, in pixels from the upper edge of the image.</param>
/// <param name="RectWidth">Longer side of that rectangle, in pixels.</param>
/// <param name="RectHeight">Shorter side of that rectangle, in pixels.</param>
/// <param name="Angle">
/// Angle of the longer side to the horizontal in degrees, in (-90, 90]. Positive turns clockwise on the screen, as
/// OpenCV's RotatedRect and every y-down graphics library have it: at 10 the right end of the side is the lower one, and
/// turning the image by -<paramref name="Angle"/> makes the side level. Of a square, the side nearer to the horizontal;
/// 0 for an empty mask.
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
