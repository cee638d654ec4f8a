using WaterMeters.Ml.Datasets.Facts;
using WaterMeters.Ml.Foundation;
using static WaterMeters.Ml.Datasets.Checks.PhotoChecks;

namespace WaterMeters.Ml.Datasets.Checks;

/// <summary>The distributions of the photos and masks of a data set. Only counts are kept, whatever the size of the data set.</summary>
public sealed class DatasetStatistics
{
    /// <summary>The measured distributions.</summary>
    internal IReadOnlyList<DatasetDistribution> Measures { get; } =
    [
        new("coverage_%", "Coverage", "per cent of the photo covered by the digit window", "masks", Coverage, new(0.05)),
        new("mask_aspect_ratio", "Aspect ratio of the windows", "longer over shorter side", "masks", MaskAspectRatio, new(0.1)),
        new("megapixels", "Size of the photos", "megapixels", "photos", facts => facts.Photo?.Header.Pixels / 1e6 ?? double.NaN, new(0.01)),
        new("aspect_ratio", "Aspect ratio of the photos", "longer over shorter side", "photos", AspectRatio, new(0.05), MostAspectRatio),
        new("brightness", "Brightness", "mean luma, 0 (black) to 255 (white)", "photos", Brightness, new(1)),
        new("blur", "Blur", "blur, 0 (sharp) to 1 (blurred)", "photos", facts => facts.Photo?.Blur ?? double.NaN, new(0.01), MostBlur),
    ];

    /// <summary>Counts a pair.</summary>
    internal void Add(PairFacts facts)
    {
        foreach (var measure in Measures) measure.Counts.Add(measure.Value(facts));
    }

    private static double Coverage(PairFacts facts) => facts.Mask is { } mask ? 100 * mask.Coverage : double.NaN;

    private static double MaskAspectRatio(PairFacts facts) =>
        facts.Mask is { RectHeight: > 0 } mask ? mask.RectWidth / mask.RectHeight : double.NaN;

    private static double AspectRatio(PairFacts facts) => facts.Photo is { Header: var header }
        ? (double)Math.Max(header.Width, header.Height) / Math.Min(header.Width, header.Height)
        : double.NaN;

    private static double Brightness(PairFacts facts) =>
        facts.Photo is { } photo ? photo.Thumbnail.Average(cell => (double)cell) : double.NaN;
}

/// <summary>The distribution of one measure over the pairs.</summary>
/// <param name="Key">Its name in a JSON report.</param>
/// <param name="Title">Its title on a page.</param>
/// <param name="Unit">The label of the horizontal axis.</param>
/// <param name="Items">What is counted: photos or masks.</param>
/// <param name="Value">Returns the value of a pair; NaN when it has none.</param>
/// <param name="Counts">The values counted so far.</param>
/// <param name="Limit">The limit of a check, or null.</param>
internal sealed record DatasetDistribution(
    string Key, string Title, string Unit, string Items, Func<PairFacts, double> Value, BinnedCounts Counts, double? Limit = null);
