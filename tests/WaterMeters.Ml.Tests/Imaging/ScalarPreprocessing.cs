using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Tests.Imaging;

/// <summary>Scalar reference implementation of the preprocessing: resize, contrast stretch, median.</summary>
internal static class ScalarPreprocessing
{
    public static byte[] Resize(Raster photo, int size)
    {
        var across = new byte[photo.Height * size * 3];
        for (int y = 0; y < photo.Height; y++)
        {
            for (int x = 0; x < size; x++)
            {
                var (first, weights) = Weights(x, photo.Width, size);
                for (int c = 0; c < 3; c++)
                {
                    int sum = 1 << 21;
                    for (int k = 0; k < weights.Length; k++) sum += photo.Pixels[(4 * ((y * photo.Width) + first + k)) + c] * weights[k];
                    across[(((y * size) + x) * 3) + c] = Clip(sum);
                }
            }
        }

        var planes = new byte[3 * size * size];
        for (int y = 0; y < size; y++)
        {
            var (first, weights) = Weights(y, photo.Height, size);
            for (int x = 0; x < size; x++)
            {
                for (int c = 0; c < 3; c++)
                {
                    int sum = 1 << 21;
                    for (int k = 0; k < weights.Length; k++) sum += across[((((first + k) * size) + x) * 3) + c] * weights[k];
                    planes[(((c * size) + y) * size) + x] = Clip(sum);
                }
            }
        }

        return planes;
    }

    public static byte[] Normalize(byte[] planes, int size)
    {
        float[] sorted = [.. planes.Select(v => v / 255f).Order()];
        double low = Percentile(sorted, 2), high = Percentile(sorted, 98);
        float range = (float)(high - low + 1e-6);
        byte[] stretched = [.. planes.Select(v => (byte)(Math.Clamp(((v / 255f) - (float)low) / range, 0f, 1f) * 255f))];

        var result = new byte[planes.Length];
        var nine = new byte[9];
        for (int i = 0; i < planes.Length; i++)
        {
            int c = i / (size * size), y = i / size % size, x = i % size;
            for (int k = 0; k < 9; k++)
            {
                int row = Math.Clamp(y + (k / 3) - 1, 0, size - 1), column = Math.Clamp(x + (k % 3) - 1, 0, size - 1);
                nine[k] = stretched[(((c * size) + row) * size) + column];
            }

            Array.Sort(nine);
            result[i] = nine[4];
        }

        return result;
    }

    private static double Percentile(float[] sorted, int percent)
    {
        double rank = (sorted.Length - 1) * (percent / 100.0);
        int below = (int)Math.Floor(rank);
        float a = sorted[below], b = sorted[Math.Min(below + 1, sorted.Length - 1)];
        double t = rank - below;
        return t < 0.5 ? a + ((double)(b - a) * t) : b - ((double)(b - a) * (1 - t));
    }

    private static (int First, int[] Weights) Weights(int target, int sourceSize, int size)
    {
        double scale = (double)sourceSize / size, filter = Math.Max(scale, 1), center = (target + 0.5) * scale;
        int first = Math.Max((int)(center - filter + 0.5), 0), last = Math.Min((int)(center + filter + 0.5), sourceSize);
        double[] weights = [.. Enumerable.Range(0, last - first)
            .Select(k => Math.Max(0, 1 - Math.Abs((k + first - center + 0.5) * (1 / filter))))];
        double sum = weights.Sum();
        return (first, [.. weights.Select(w => (int)(0.5 + (w / sum * (1 << 22))))]);
    }

    private static byte Clip(int sum) => (byte)Math.Clamp(sum >> 22, 0, 255);
}
