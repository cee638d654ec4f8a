using System.Collections.Concurrent;
using WaterMeters.Ml.Datasets;
using WaterMeters.Ml.Datasets.Facts;
using WaterMeters.Ml.Imaging;

namespace WaterMeters.Ml.Evaluation.Comparisons;

/// <summary>
/// Assigns photos to slices by difficulty; thread-safe. The limits are fixed (docs/decisions/gate-statistics.md): about a quarter of the
/// real photos is beyond each, and none of those photos is faulty.
/// </summary>
internal sealed class DifficultyAnalyzer
{
    /// <summary>A photo is dark when 19 of 20 pixels are darker than this, 0..255.</summary>
    public const int DarkBelow = 165;

    /// <summary>A photo is blurred when its <see cref="BlurEffect"/> is above this, 0..1.</summary>
    public const double BlurredAbove = 0.37;

    /// <summary>A window is small when it covers less of the photo than this, 0..1.</summary>
    public const double SmallBelow = 0.0125;

    private readonly ConcurrentBag<PhotoAnalyzer> free = [];

    /// <summary>Measures and classifies a decoded pair.</summary>
    public PhotoDifficulty Classify(DecodedPair pair)
    {
        if (!free.TryTake(out var analyzer)) analyzer = new PhotoAnalyzer();
        var light = analyzer.MeasureLight(pair.Photo);
        free.Add(analyzer);
        return Classify(light, Coverage(pair.Mask.Pixels));
    }

    /// <summary>Classifies by measured values.</summary>
    public static PhotoDifficulty Classify(PhotoLight light, double coverage) =>
        new(light.BrightEnd < DarkBelow, light.Blur > BlurredAbove, coverage < SmallBelow);

    private static double Coverage(ReadOnlySpan<byte> mask)
    {
        int foregroundPixels = 0;
        foreach (byte value in mask) foregroundPixels += value >= Preprocessor.ForegroundThreshold ? 1 : 0;
        return (double)foregroundPixels / mask.Length;
    }
}

/// <summary>What makes a photo difficult.</summary>
/// <param name="Dark">Whether it is dark.</param>
/// <param name="Blurred">Whether it is blurred.</param>
/// <param name="SmallWindow">Whether the window covers little of it.</param>
public readonly record struct PhotoDifficulty(bool Dark, bool Blurred, bool SmallWindow);
