using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Datasets.Facts;

/// <summary>Measures photos. Not thread-safe, because it reuses its buffers.</summary>
internal sealed class PhotoAnalyzer
{
    /// <summary>
    /// The image size for measuring. Blur that is invisible at this size does not hide a digit window, and noise is averaged out.
    /// </summary>
    public const int Side = 256;

    private const double EndFraction = 0.05;

    private readonly Resampler resampler = new(Side);
    private readonly byte[] planes = new byte[3 * Side * Side];
    private readonly byte[] luma = new byte[Side * Side];

    /// <summary>Measures a photo.</summary>
    /// <exception cref="PhotoException">The photo cannot be read.</exception>
    public PhotoFacts Measure(string path)
    {
        string hash = "";
        using var photo = ImageReader.DecodePhoto(path, (file, _) => hash = FileHash.ComputeBytes(file));
        var light = MeasureLight(photo.Image);
        return new PhotoFacts
        {
            Hash = hash,
            Header = photo.Header,
            Flaws = photo.Flaws,
            DarkEnd = light.DarkEnd,
            BrightEnd = light.BrightEnd,
            Entropy = light.Entropy,
            Blur = light.Blur,
            Thumbnail = Thumbnail.Create(luma, Side, Side),
        };
    }

    /// <summary>Measures brightness and sharpness of a decoded photo.</summary>
    public PhotoLight MeasureLight(Raster photo)
    {
        resampler.Run(photo, planes);
        for (int i = 0; i < luma.Length; i++)
        {
            int red = planes[i], green = planes[luma.Length + i], blue = planes[(2 * luma.Length) + i];
            luma[i] = (byte)(((red * 19595) + (green * 38470) + (blue * 7471) + 32768) >> 16);
        }

        Span<int> counts = stackalloc int[256];
        counts.Clear();
        foreach (byte value in luma) counts[value]++;
        return new PhotoLight(Quantile(counts, EndFraction), Quantile(counts, 1 - EndFraction), Entropy(counts), Blur(photo));
    }

    /// <summary>Measures the blur. Enlarging a small photo would blur it, so it is measured in its own size.</summary>
    private double Blur(Raster photo)
    {
        if (photo.Width >= Side && photo.Height >= Side) return BlurEffect.Measure(luma, Side, Side);
        using var grey = ImageReader.Luma(photo);
        return BlurEffect.Measure(grey.Pixels, grey.Width, grey.Height);
    }

    private static byte Quantile(ReadOnlySpan<int> counts, double fraction)
    {
        double rank = fraction * Side * Side;
        int value = 0;
        for (long seen = counts[0]; seen < rank && value < 255; seen += counts[value]) value++;
        return (byte)value;
    }

    private static double Entropy(ReadOnlySpan<int> counts)
    {
        double entropy = 0;
        foreach (int count in counts)
        {
            if (count == 0) continue;
            double part = count / (double)(Side * Side);
            entropy -= part * Math.Log2(part);
        }

        return entropy;
    }
}

/// <summary>Brightness and sharpness of a photo; see <see cref="PhotoFacts"/> for the values.</summary>
internal readonly record struct PhotoLight(byte DarkEnd, byte BrightEnd, double Entropy, double Blur);
