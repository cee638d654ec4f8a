using System.Collections.Concurrent;
using WaterMeters.Ml.Datasets;
using WaterMeters.Ml.Datasets.Facts;
using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Evaluation.Comparisons;

/// <summary>
/// Says which slices a photo is in, on any number of threads. The limits are fixed and those of docs/decisions/gate-statistics.md: about
/// a quarter of the real photos lies beyond each, and none of them is a fault.
/// </summary>
internal sealed class DifficultyAnalyzer
{
    /// <summary>A photo of which 19 pixels in 20 are darker than this is dark.</summary>
    public const int DarkBelow = 165;

    /// <summary><see cref="BlurEffect"/> above which a photo is blurred.</summary>
    public const double BlurredAbove = 0.37;

    /// <summary>A window that takes less of the photo than this is small.</summary>
    public const double SmallBelow = 0.0125;

    private readonly ConcurrentBag<PhotoAnalyzer> free = [];

    /// <summary>Measures a decoded pair.</summary>
    public PhotoDifficulty Classify(DecodedPair pair)
    {
        if (!free.TryTake(out var meter)) meter = new PhotoAnalyzer();
        var light = meter.MeasureLight(pair.Photo);
        free.Add(meter);
        return Classify(light, Coverage(pair.Mask.Pixels));
    }

    /// <summary>The slices by what was measured.</summary>
    public static PhotoDifficulty Classify(PhotoLight light, double coverage) =>
        new(light.BrightEnd < DarkBelow, light.Blur > BlurredAbove, coverage < SmallBelow);

    private static double Coverage(ReadOnlySpan<byte> mask)
    {
        int meter = 0;
        foreach (byte value in mask) meter += value >= Preprocessor.ForegroundThreshold ? 1 : 0;
        return (double)meter / mask.Length;
    }
}
