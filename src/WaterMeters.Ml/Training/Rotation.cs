namespace WaterMeters.Ml.Training;

/// <summary>Rotates a photo and its mask about the centre of the square.</summary>
internal static class Rotation
{
    /// <summary>Writes a rotated copy: bilinear for the photo, nearest for the mask, zero outside the original.</summary>
    /// <param name="photo">The photo, only resized, and its mask.</param>
    /// <param name="degrees">Angle, counter-clockwise as displayed.</param>
    /// <param name="rotated">Receives the copy.</param>
    public static void Apply(SquarePhoto photo, double degrees, SquarePhoto rotated)
    {
        int size = photo.Size, area = size * size;
        rotated.Mask.AsSpan().Clear();
        double centre = (size - 1) / 2.0, cos = Math.Cos(degrees * Math.PI / 180), sin = Math.Sin(degrees * Math.PI / 180);
        for (int y = 0; y < size; y++)
        {
            for (int x = 0; x < size; x++)
            {
                double dx = x - centre, dy = y - centre;
                double sourceX = centre + (cos * dx) - (sin * dy), sourceY = centre + (sin * dx) + (cos * dy);
                int nearX = (int)Math.Round(sourceX), nearY = (int)Math.Round(sourceY), to = (y * size) + x;
                if ((uint)nearX < (uint)size && (uint)nearY < (uint)size) rotated.Mask[to] = photo.Mask[(nearY * size) + nearX];

                int left = (int)Math.Floor(sourceX), top = (int)Math.Floor(sourceY);
                double fx = sourceX - left, fy = sourceY - top;
                for (int plane = 0; plane < 3; plane++)
                {
                    var pixels = photo.Planes.AsSpan(plane * area, area);
                    double upper = ((1 - fx) * At(pixels, size, left, top)) + (fx * At(pixels, size, left + 1, top));
                    double lower = ((1 - fx) * At(pixels, size, left, top + 1)) + (fx * At(pixels, size, left + 1, top + 1));
                    rotated.Planes[(plane * area) + to] = (byte)(((1 - fy) * upper) + (fy * lower) + 0.5);
                }
            }
        }
    }

    private static double At(ReadOnlySpan<byte> plane, int size, int x, int y) =>
        (uint)x < (uint)size && (uint)y < (uint)size ? plane[(y * size) + x] : 0;
}
