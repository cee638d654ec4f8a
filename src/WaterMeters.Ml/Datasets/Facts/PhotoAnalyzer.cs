using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Datasets.Facts;

/// <summary>Measures photos. Keeps its scratch memory; one thread at a time.</summary>
internal sealed class PhotoAnalyzer
{
    /// <summary>Photos are measured at this side: blur that does not show here does not hide a digit window, and noise is averaged out.</summary>
    public const int Side = 256;

    private const double EndFraction = 0.05;

    private readonly Resampler resampler = new(Side);
    private readonly byte[] planes = new byte[3 * Side * Side];
    private readonly byte[] luma = new byte[Side * Side];

    /// <summary>Measures a photo.</summary>
    /// <exception cref="PhotoException">It cannot be read.</exception>
    public PhotoFacts Measure(string path)
    {
        PhotoHeader header = default;
        string hash = "";
        using var photo = ImageReader.ReadPhoto(path, (file, first) => (header, hash) = (first, FileHash.ComputeBytes(file)));
        var light = Look(photo);
        return new PhotoFacts
        {
            Hash = hash,
            Header = header,
            DarkEnd = light.DarkEnd,
            BrightEnd = light.BrightEnd,
            Entropy = light.Entropy,
            Blur = light.Blur,
            Thumbnail = Thumbnail.Create(luma, Side, Side),
        };
    }

    /// <summary>Measures light and sharpness of a photo that is decoded already.</summary>
    public PhotoLight Look(Raster photo)
    {
        resampler.Run(photo, planes);
        for (int i = 0; i < luma.Length; i++)
        {
            luma[i] = (byte)(((planes[i] * 19595) + (planes[luma.Length + i] * 38470) + (planes[(2 * luma.Length) + i] * 7471) + 32768) >> 16);
        }

        Span<int> counts = stackalloc int[256];
        counts.Clear();
        foreach (byte value in luma) counts[value]++;
        return new PhotoLight(Quantile(counts, EndFraction), Quantile(counts, 1 - EndFraction), Entropy(counts), Blur(photo));
    }

    /// <summary>A photo that would have to grow to the measuring size would look blurred by that: it is measured as it is.</summary>
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
