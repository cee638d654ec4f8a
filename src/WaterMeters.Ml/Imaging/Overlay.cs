using System.Buffers;

namespace WaterMeters.Ml.Imaging;

/// <summary>Draws the outline of a mask into its photo.</summary>
public static class Overlay
{
    // Chamfer weights 3 and 4 (Borgefors 1986): distances in thirds of a pixel, within 8 % of Euclidean ones.
    private const int Side = 3, Corner = 4, Far = 250;

    /// <summary>
    /// Draws a bright green line along both sides of the mask's edge, with a thin dark line around it. The line width is 1/400 of the
    /// longer side of the photo, at least 2 pixels. Other pixels do not change; an empty mask changes nothing.
    /// </summary>
    /// <param name="photo">4 channels; modified in place.</param>
    /// <param name="mask">[height, width] of the photo, 0 or not 0.</param>
    /// <exception cref="ArgumentException">The photo does not have 4 channels, or the mask has another size.</exception>
    public static void Draw(Raster photo, ReadOnlySpan<byte> mask)
    {
        ArgumentNullException.ThrowIfNull(photo);
        int width = photo.Width, height = photo.Height;
        if (photo.Channels != 4) throw new ArgumentException("The photo must have 4 channels.", nameof(photo));
        if (mask.Length != width * height) throw new ArgumentException("The mask must have the size of the photo.", nameof(mask));

        int line = Math.Clamp(Math.Max(width, height) / 400, 2, 40);
        int edge = Math.Max(1, line / 3);
        if (!TryFindBounds(mask, width, out var area)) return;

        // Process only the mask and its surroundings, 2 % of a typical photo.
        int margin = line + edge + 1;
        area = (
            Math.Max(area.Left - margin, 0), Math.Max(area.Top - margin, 0),
            Math.Min(area.Right + margin, width), Math.Min(area.Bottom + margin, height));
        int columns = area.Right - area.Left;
        byte[] rented = ArrayPool<byte>.Shared.Rent(columns * (area.Bottom - area.Top));
        var distances = rented.AsSpan(0, columns * (area.Bottom - area.Top));
        MeasureDistances(mask, width, height, area, distances);

        int outside = (line + 1) / 2, inside = line / 2;
        var pixels = photo.Pixels;
        for (int y = area.Top; y < area.Bottom; y++)
        {
            var row = distances.Slice((y - area.Top) * columns, columns);
            for (int x = area.Left; x < area.Right; x++)
            {
                int at = (y * width) + x;
                int reach = Side * (mask[at] != 0 ? inside : outside);
                int distance = row[x - area.Left];
                if (distance > reach + (Side * edge)) continue;

                bool bright = distance <= reach;
                var pixel = pixels.Slice(4 * at, 3);
                (pixel[0], pixel[1], pixel[2]) = bright ? ((byte)57, (byte)255, (byte)20) : ((byte)0, (byte)0, (byte)0);
            }
        }

        ArrayPool<byte>.Shared.Return(rented);
    }

    private static bool TryFindBounds(ReadOnlySpan<byte> mask, int width, out (int Left, int Top, int Right, int Bottom) area)
    {
        area = (width, 0, 0, 0);
        for (int y = 0; y * width < mask.Length; y++)
        {
            var row = mask.Slice(y * width, width);
            int first = row.IndexOfAnyExcept((byte)0);
            if (first < 0) continue;

            if (area.Bottom == 0) area.Top = y;
            area = (Math.Min(area.Left, first), area.Top, Math.Max(area.Right, row.LastIndexOfAnyExcept((byte)0) + 1), y + 1);
        }

        return area.Bottom > 0;
    }

    /// <summary>
    /// Computes for each pixel of the area the distance to the nearest pixel of the other class (foreground or background), in thirds of
    /// a pixel, in two passes. Beyond the photo's border all is background, so a mask that reaches the border is closed along it.
    /// </summary>
    private static void MeasureDistances(
        ReadOnlySpan<byte> mask, int width, int height, (int Left, int Top, int Right, int Bottom) area, Span<byte> distances)
    {
        int columns = area.Right - area.Left, rows = area.Bottom - area.Top;
        for (int pass = 0; pass < 2; pass++)
        {
            int step = pass == 0 ? 1 : -1;
            for (int j = 0; j < rows; j++)
            {
                int y = pass == 0 ? j : rows - 1 - j;
                for (int i = 0; i < columns; i++)
                {
                    int x = pass == 0 ? i : columns - 1 - i;
                    bool isForeground = mask[((area.Top + y) * width) + area.Left + x] != 0;
                    int nearest = pass == 0 ? Far : distances[(y * columns) + x];
                    nearest = Math.Min(nearest, Near(mask, distances, x - step, y, isForeground, Side));
                    nearest = Math.Min(nearest, Near(mask, distances, x - step, y - step, isForeground, Corner));
                    nearest = Math.Min(nearest, Near(mask, distances, x, y - step, isForeground, Side));
                    nearest = Math.Min(nearest, Near(mask, distances, x + step, y - step, isForeground, Corner));
                    distances[(y * columns) + x] = (byte)nearest;
                }
            }
        }

        int Near(ReadOnlySpan<byte> pixels, Span<byte> known, int x, int y, bool isForeground, int cost)
        {
            int photoX = area.Left + x, photoY = area.Top + y;
            if ((uint)photoX >= (uint)width || (uint)photoY >= (uint)height) return isForeground ? cost : Far;
            if ((uint)x >= (uint)columns || (uint)y >= (uint)rows) return Far;
            return pixels[(photoY * width) + photoX] != 0 == isForeground ? Math.Min(known[(y * columns) + x] + cost, Far) : cost;
        }
    }
}
