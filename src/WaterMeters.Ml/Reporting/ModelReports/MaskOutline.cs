using System.Globalization;
using System.Text;

namespace WaterMeters.Ml.Reporting.ModelReports;

/// <summary>The outline of a mask as the path of an SVG image.</summary>
internal static class MaskOutline
{
    private const int MostPoints = 3000; // a mask of noise would make a page of megabytes

    /// <summary>
    /// The path along the edge of a mask, inside holes too; empty for an empty mask. It goes through the middles of the pixels' edges, so
    /// that a slanted line looks like one. Of more pieces than a page can hold the longest are drawn.
    /// </summary>
    /// <param name="mask">[size, size], 0 or not 0.</param>
    /// <param name="size">The side of the mask.</param>
    /// <param name="place">Where a point of the mask, in its pixels, is in the image.</param>
    public static string Path(ReadOnlySpan<byte> mask, int size, Func<double, double, (double X, double Y)> place)
    {
        var path = new StringBuilder();
        int left = MostPoints;
        foreach (var loop in Loops(mask, size).Select(Thinned).OrderByDescending(loop => loop.Count))
        {
            if ((left -= loop.Count) < 0) break;
            for (int i = 0; i < loop.Count; i++)
            {
                var (x, y) = place(loop[i].X / 2.0, loop[i].Y / 2.0);
                path.Append(i == 0 ? 'M' : 'L').Append(CultureInfo.InvariantCulture, $"{x:0.#} {y:0.#}");
            }

            path.Append('Z');
        }

        return path.ToString();
    }

    /// <summary>The middles of the edges between meter and not meter, loop by loop, in halves of a pixel; the meter lies to the right.</summary>
    private static List<List<(int X, int Y)>> Loops(ReadOnlySpan<byte> mask, int size)
    {
        // From the corner where an edge begins to the corners where it ends: two where pieces touch at a corner.
        var edges = new Dictionary<(int X, int Y), ((int X, int Y) First, (int X, int Y)? Second)>();
        for (int y = 0; y < size; y++)
        {
            for (int x = 0; x < size; x++)
            {
                if (!Holds(mask, size, x, y)) continue;
                if (!Holds(mask, size, x, y - 1)) Add((x, y), (x + 1, y));
                if (!Holds(mask, size, x + 1, y)) Add((x + 1, y), (x + 1, y + 1));
                if (!Holds(mask, size, x, y + 1)) Add((x + 1, y + 1), (x, y + 1));
                if (!Holds(mask, size, x - 1, y)) Add((x, y + 1), (x, y));
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

        void Add((int X, int Y) from, (int X, int Y) to) => edges[from] = edges.TryGetValue(from, out var known) ? (known.First, to) : (to, null);
    }

    /// <summary>A loop without the points that lie on the straight line between their neighbours.</summary>
    private static List<(int X, int Y)> Thinned(List<(int X, int Y)> loop)
    {
        var thinned = new List<(int X, int Y)>();
        for (int i = 0; i < loop.Count; i++)
        {
            var (before, at, behind) = (loop[(i + loop.Count - 1) % loop.Count], loop[i], loop[(i + 1) % loop.Count]);
            if ((at.X - before.X) * (behind.Y - at.Y) != (at.Y - before.Y) * (behind.X - at.X)) thinned.Add(at);
        }

        return thinned;
    }

    private static bool Holds(ReadOnlySpan<byte> mask, int size, int x, int y) => (uint)x < (uint)size && (uint)y < (uint)size && mask[(y * size) + x] != 0;
}
