using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace WaterMeters.Ml.Imaging;

/// <summary>
/// The contrast stretch of the legacy pipeline as a table of 256 values: (v/255 - p2) / (p98 - p2 + 1e-6), clamped to 0..1, times
/// 255, truncated. Percentiles as in NumPy (linear between ranks), float32 arithmetic where NumPy uses it.
/// </summary>
internal static class ContrastStretch
{
    private const double Epsilon = 1e-6;

    /// <summary>Fills <paramref name="table"/> (256 bytes) from the histogram of <paramref name="values"/>.</summary>
    public static void Fill(ReadOnlySpan<byte> values, Span<byte> table)
    {
        Span<int> histogram = stackalloc int[256];
        Count(values, histogram);
        double low = Percentile(histogram, values.Length, 0.02);
        double high = Percentile(histogram, values.Length, 0.98);

        float offset = (float)low;
        float range = (float)(high - low + Epsilon);
        for (int v = 0; v < table.Length; v++)
        {
            float stretched = ((v / 255f) - offset) / range;
            table[v] = (byte)(Math.Clamp(stretched, 0f, 1f) * 255f);
        }
    }

    /// <summary>
    /// Returns NumPy's percentile of the float32 values v/255: their difference is float32, the interpolation between them float64.
    /// </summary>
    private static double Percentile(ReadOnlySpan<int> histogram, int count, double quantile)
    {
        double rank = (count - 1) * quantile;
        int below = (int)rank;
        double fraction = rank - below;
        float a = ValueAt(histogram, below) / 255f;
        float b = ValueAt(histogram, Math.Min(below + 1, count - 1)) / 255f;
        float difference = b - a;
        return fraction >= 0.5 ? b - (difference * (1 - fraction)) : a + (difference * fraction);
    }

    private static int ValueAt(ReadOnlySpan<int> histogram, int rank)
    {
        int value = 0;
        for (int seen = histogram[0]; seen <= rank; seen += histogram[value]) value++;
        return value;
    }

    private static void Count(ReadOnlySpan<byte> values, Span<int> histogram)
    {
        // Four counters per value, so that equal neighbours, common in photos, need not wait for each other's increment.
        Span<int> parts = stackalloc int[4 * 256];
        parts.Clear();
        ref int part = ref MemoryMarshal.GetReference(parts);
        foreach (ulong eight in MemoryMarshal.Cast<byte, ulong>(values))
        {
            uint low = (uint)eight, high = (uint)(eight >> 32);
            Add(ref part, low & 255, 0);
            Add(ref part, (low >> 8) & 255, 1);
            Add(ref part, (low >> 16) & 255, 2);
            Add(ref part, low >> 24, 3);
            Add(ref part, high & 255, 0);
            Add(ref part, (high >> 8) & 255, 1);
            Add(ref part, (high >> 16) & 255, 2);
            Add(ref part, high >> 24, 3);
        }

        for (int i = values.Length & ~7; i < values.Length; i++) parts[values[i]]++;
        for (int v = 0; v < 256; v++) histogram[v] = parts[v] + parts[256 + v] + parts[512 + v] + parts[768 + v];

        static void Add(ref int part, uint value, int lane) => Unsafe.Add(ref part, (nint)(value + (uint)(lane * 256)))++;
    }
}
