namespace WaterMeters.Ml.Imaging;

/// <summary>
/// Tells whether the digits of a level window stand upright, by the drums behind the decimal point: meters print them in red or on red,
/// and they are at the right end (docs/decisions/window-crops.md has the figures).
/// </summary>
internal static class DigitDirection
{
    // Red beyond the other two channels, in levels of 255; less is the tint of a lamp or of the camera.
    private const int LeastRed = 20;

    // How much redder one half must be, as the mean over its pixels in levels of 255, and as a fraction of both. One window in twenty
    // stands on its head, so this takes more evidence: a red face or a red corner of the photo is as likely.
    private const double UprightDifference = 0.1, UprightFraction = 0.25, InvertedDifference = 0.25, InvertedFraction = 0.9;

    /// <summary>Returns true if the digits stand upright, false if they stand on their heads, null if the colours do not tell.</summary>
    /// <param name="window">The window with its longer side level, 4 channels.</param>
    public static bool? IsUpright(Raster window)
    {
        var (left, right) = Redness(window);
        double difference = right - left, both = left + right;
        if (difference >= UprightDifference && difference >= UprightFraction * both) return true;
        if (-difference >= InvertedDifference && -difference >= InvertedFraction * both) return false;
        return null;
    }

    /// <summary>Returns the mean excess of red over the other channels in the left and in the right half, 0..235.</summary>
    private static (double Left, double Right) Redness(Raster window)
    {
        long left = 0, right = 0;
        int half = window.Width / 2;
        var pixels = window.Pixels;
        for (int y = 0; y < window.Height; y++)
        {
            var row = pixels.Slice(4 * y * window.Width, 4 * window.Width);
            left += Sum(row[..(4 * half)]);
            right += Sum(row[(4 * (window.Width - half))..]);
        }

        double area = Math.Max(1, half * window.Height);
        return (left / area, right / area);
    }

    private static long Sum(ReadOnlySpan<byte> pixels)
    {
        long sum = 0;
        for (int at = 0; at < pixels.Length; at += 4)
        {
            sum += Math.Max(0, pixels[at] - Math.Max(pixels[at + 1], pixels[at + 2]) - LeastRed);
        }

        return sum;
    }
}
