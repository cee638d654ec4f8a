using WaterMeters.Ml.Datasets.Facts;

namespace WaterMeters.Ml.Datasets.Checks;

/// <summary>How the photos and masks of a data set are spread. Counts alone are kept, whatever the size of the set.</summary>
public sealed class DatasetStatistics
{
    /// <summary>What is measured.</summary>
    internal IReadOnlyList<DatasetDistribution> Measures { get; } =
    [
        new("coverage_%", "Coverage", "per cent of the photo that is digit window", "masks", facts => facts.Mask is { } mask ? 100 * mask.Coverage : double.NaN, new(0.05)),
        new("mask_aspect_ratio", "Shape of the masks", "length over height of the digit window", "masks", facts => facts.Mask is { RectHeight: > 0 } mask ? mask.RectWidth / mask.RectHeight : double.NaN, new(0.1)),
        new("megapixels", "Size of the photos", "megapixels", "photos", facts => facts.Photo?.Header.Pixels / 1e6 ?? double.NaN, new(0.01)),
        new("aspect_ratio", "Shape of the photos", "longer over shorter side", "photos", facts => facts.Photo is { } photo ? AspectRatio(photo) : double.NaN, new(0.05), PhotoChecks.MostAspectRatio),
        new("brightness", "Brightness", "mean luma, 0 (black) to 255 (white)", "photos", facts => facts.Photo is { } photo ? photo.Thumbnail.Average(cell => (double)cell) : double.NaN, new(1)),
        new("blur", "Sharpness", "blur, 0 (sharp) to 1", "photos", facts => facts.Photo?.Blur ?? double.NaN, new(0.01), PhotoChecks.MostBlur),
    ];

    /// <summary>Counts a pair.</summary>
    internal void Add(PairFacts facts)
    {
        foreach (var measure in Measures) measure.Counts.Add(measure.Value(facts));
    }

    private static double AspectRatio(PhotoFacts photo) =>
        (double)Math.Max(photo.Header.Width, photo.Header.Height) / Math.Min(photo.Header.Width, photo.Header.Height);
}
