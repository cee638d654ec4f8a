namespace WaterMeters.Ml.Datasets.Facts;

/// <summary>
/// The blur of an image, without a reference image: F. Crete, T. Dolmiere, P. Ladret, M. Nicolas, "The blur effect: perception and
/// estimation with a new no-reference perceptual blur metric", 2007. The image is blurred again: a sharp one loses most of the differences
/// between neighbours, a blurred one hardly any. The result is 1 - lost / all, of the worse of the two directions.
/// </summary>
internal static class BlurEffect
{
    private const int Reach = 4; // a mean of nine pixels

    /// <summary>Returns the blur of a grey image, 0 (sharp) to 1; 1 for a flat or a very small image.</summary>
    /// <param name="plane">[height, width].</param>
    /// <param name="width">The width in pixels.</param>
    /// <param name="height">The height in pixels.</param>
    public static double Measure(ReadOnlySpan<byte> plane, int width, int height) =>
        Math.Max(Along(plane, height, width, width, 1), Along(plane, width, height, 1, width));

    private static double Along(ReadOnlySpan<byte> plane, int lines, int length, int lineStep, int step)
    {
        long all = 0, lost = 0;
        for (int line = 0; line < lines; line++)
        {
            int start = line * lineStep, sum = 0;
            int At(ReadOnlySpan<byte> p, int i) => p[start + (Math.Clamp(i, 0, length - 1) * step)];
            for (int i = -Reach; i <= Reach; i++) sum += At(plane, i);
            for (int i = 1; i < length; i++)
            {
                // The window of the mean moves by one pixel: the sum changes by the entering pixel minus the leaving one.
                int change = At(plane, i + Reach) - At(plane, i - Reach - 1);
                sum += change;
                int difference = Math.Abs(At(plane, i) - At(plane, i - 1)) * ((2 * Reach) + 1);
                all += difference;
                lost += Math.Max(0, difference - Math.Abs(change));
            }
        }

        return all == 0 ? 1 : 1 - ((double)lost / all);
    }
}
