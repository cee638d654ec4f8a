using System.Globalization;
using System.Text;

namespace WaterMeters.Ml.Reporting.ModelReports;

/// <summary>Traces the outline of a mask as an SVG path.</summary>
internal static class MaskOutline
{
    private const int MostPoints = 3000; // a noisy mask would add megabytes to the page

    /// <summary>
    /// Returns the path along the edges of a mask, including holes; empty for an empty mask. It connects the midpoints of pixel edges, so
    /// that slanted lines look straight. When there are too many points, only the longest loops are drawn.
    /// </summary>
    /// <param name="mask">[height, width]; every value but 0 is foreground.</param>
    /// <param name="width">Number of columns.</param>
    /// <param name="height">Number of rows.</param>
    /// <param name="map">Maps a point in mask pixels to image coordinates.</param>
    public static string Path(ReadOnlySpan<byte> mask, int width, int height, Func<double, double, (double X, double Y)> map)
    {
        var path = new StringBuilder();
        int left = MostPoints;
        foreach (var loop in Loops(mask, width, height).Select(WithoutCollinear).OrderByDescending(loop => loop.Count))
        {
            if ((left -= loop.Count) < 0) break;
            for (int i = 0; i < loop.Count; i++)
            {
                var (x, y) = map(loop[i].X / 2.0, loop[i].Y / 2.0);
                path.Append(i == 0 ? 'M' : 'L').Append(CultureInfo.InvariantCulture, $"{x:0.#} {y:0.#}");
            }

            path.Append('Z');
        }

        return path.ToString();
    }

    /// <summary>Returns the midpoints of the edges of the foreground, by loop, in half pixels; foreground is on the right.</summary>
    private static List<List<(int X, int Y)>> Loops(ReadOnlySpan<byte> mask, int width, int height)
    {
        // From the start corner of an edge to its end corners: two where pieces touch at a corner.
        var edges = new Dictionary<(int X, int Y), ((int X, int Y) First, (int X, int Y)? Second)>();
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                if (!IsForeground(mask, width, height, x, y)) continue;
                if (!IsForeground(mask, width, height, x, y - 1)) Add((x, y), (x + 1, y));
                if (!IsForeground(mask, width, height, x + 1, y)) Add((x + 1, y), (x + 1, y + 1));
                if (!IsForeground(mask, width, height, x, y + 1)) Add((x + 1, y + 1), (x, y + 1));
                if (!IsForeground(mask, width, height, x - 1, y)) Add((x, y + 1), (x, y));
            }
        }

        var loops = new List<List<(int X, int Y)>>();
        foreach (var start in edges.Keys.ToArray())
        {
            var loop = new List<(int X, int Y)>();
            for (var at = start; edges.TryGetValue(at, out var ends);)
            {
                if (ends.Second is { } other) edges[at] = (other, null);
                else edges.Remove(at);
                loop.Add((at.X + ends.First.X, at.Y + ends.First.Y));
                at = ends.First;
            }

            if (loop.Count > 0) loops.Add(loop);
        }

        return loops;

        void Add((int X, int Y) from, (int X, int Y) to) =>
            edges[from] = edges.TryGetValue(from, out var known) ? (known.First, to) : (to, null);
    }

    /// <summary>Returns a loop without points on the straight line between their neighbours.</summary>
    private static List<(int X, int Y)> WithoutCollinear(List<(int X, int Y)> loop)
    {
        var corners = new List<(int X, int Y)>();
        for (int i = 0; i < loop.Count; i++)
        {
            var (before, at, behind) = (loop[(i + loop.Count - 1) % loop.Count], loop[i], loop[(i + 1) % loop.Count]);
            if ((at.X - before.X) * (behind.Y - at.Y) != (at.Y - before.Y) * (behind.X - at.X)) corners.Add(at);
        }

        return corners;
    }

    private static bool IsForeground(ReadOnlySpan<byte> mask, int width, int height, int x, int y) =>
        (uint)x < (uint)width && (uint)y < (uint)height && mask[(y * width) + x] != 0;
}
