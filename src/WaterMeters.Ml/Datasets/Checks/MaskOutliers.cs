using System.Globalization;
using WaterMeters.Ml.Datasets.Facts;

namespace WaterMeters.Ml.Datasets.Checks;

/// <summary>
/// Finds masks far from the rest, by the fraction of the photo they cover and by their shape. The unit is the median absolute deviation,
/// which a few wrong masks do not shift as they shift a mean; 1.4826 times it is the standard deviation of normal values (P. Rousseeuw,
/// C. Croux, "Alternatives to the Median Absolute Deviation", 1993).
/// </summary>
internal static class MaskOutliers
{
    /// <summary>Fewest masks among which outliers are searched.</summary>
    public const int LeastMasks = 20;

    /// <summary>Deviations from the median beyond which a mask is an outlier.</summary>
    public const double MostDeviations = 4.5;

    private const string CheckWindow = "Check that it marks the whole digit window and nothing else.";

    /// <summary>Checks the masks of a data set.</summary>
    public static IEnumerable<CheckResult> Run(IReadOnlyList<PairFacts> pairs)
    {
        var masks = pairs.Where(p => p.Mask is { } m && MaskChecks.IsComparable(m)).ToList();
        if (masks.Count < LeastMasks) yield break;
        var coverage = new Spread(masks.Select(p => Math.Log(p.Mask!.Coverage)), least: 0.1);
        var aspect = new Spread(masks.Select(p => Math.Log(Aspect(p.Mask!))), least: 0.05);
        var fill = new Spread(masks.Select(p => Fill(p.Mask!)), least: 0.03);
        foreach (var pair in masks)
        {
            var mask = pair.Mask!;
            CheckResult Finding(DatasetCheck check, FormattableString found, string remedy) =>
                new(check, pair.Pair.Name, pair.Pair.MaskPath, $"{found.ToString(CultureInfo.InvariantCulture)} {remedy}");

            if (coverage.IsFar(Math.Log(mask.Coverage)))
            {
                double median = Math.Exp(coverage.Median) * 100;
                yield return Finding(
                    DatasetCheck.MaskCoverageOutlier,
                    $"The mask covers {mask.Coverage * 100:0.00} % of the photo; the median of the data set is {median:0.00} %.",
                    CheckWindow);
            }
            else if (aspect.IsFar(Math.Log(Aspect(mask))))
            {
                double median = Math.Exp(aspect.Median);
                yield return Finding(
                    DatasetCheck.MaskShapeOutlier,
                    $"The mask is {Aspect(mask):0.0} times as long as high; the median of the data set is {median:0.0} times.",
                    CheckWindow);
            }
            else if (Fill(mask) < fill.Median && fill.IsFar(Fill(mask)))
            {
                double median = fill.Median * 100;
                yield return Finding(
                    DatasetCheck.MaskShapeOutlier,
                    $"The mask fills {Fill(mask) * 100:0} % of the rectangle around it; the median of the data set is {median:0} %.",
                    "Check that its outline is that of the digit window.");
            }
        }
    }

    private static double Aspect(MaskFacts mask) => mask.RectWidth / mask.RectHeight;

    private static double Fill(MaskFacts mask) => mask.ForegroundPixels / (mask.RectWidth * mask.RectHeight);

    /// <summary>Median and robust deviation of values; the deviation is at least <c>least</c>, for values that are almost equal.</summary>
    private sealed class Spread
    {
        private readonly double deviation;

        public Spread(IEnumerable<double> values, double least)
        {
            double[] all = [.. values.Order()];
            Median = Middle(all);
            deviation = Math.Max(least, 1.4826 * Middle([.. all.Select(v => Math.Abs(v - Median)).Order()]));
        }

        public double Median { get; }

        public bool IsFar(double value) => Math.Abs(value - Median) > MostDeviations * deviation;

        private static double Middle(double[] sorted) => (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
