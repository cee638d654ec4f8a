using System.Globalization;
using WaterMeters.Ml.Datasets.Facts;

namespace WaterMeters.Ml.Datasets.Checks;

/// <summary>
/// Masks far from the rest: by the part of the photo they cover and by their shape, in units of the median absolute deviation (1.4826 of
/// which are a standard deviation of normal values: P. Rousseeuw, C. Croux, "Alternatives to the Median Absolute Deviation", 1993), which
/// a few wrong masks do not move as they move a mean.
/// </summary>
internal static class MaskOutliers
{
    /// <summary>In fewer masks nothing is far from the rest.</summary>
    public const int LeastMasks = 20;

    /// <summary>Deviations from the median beyond which a mask is far from the rest.</summary>
    public const double MostDeviations = 4.5;

    /// <summary>All that is found in the masks of a set.</summary>
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
            CheckResult Found(DatasetCheck check, FormattableString message) => new(check, pair.Pair.Name, pair.Pair.MaskPath, message.ToString(CultureInfo.InvariantCulture));

            if (coverage.IsFar(Math.Log(mask.Coverage)))
            {
                yield return Found(DatasetCheck.MaskCoverageOutlier, $"The mask covers {mask.Coverage * 100:0.00} % of the photo, the median of the set {Math.Exp(coverage.Median) * 100:0.00} %. Look whether it marks the digit window, and all of it.");
            }
            else if (aspect.IsFar(Math.Log(Aspect(mask))))
            {
                yield return Found(DatasetCheck.MaskShapeOutlier, $"The mask is {Aspect(mask):0.0} times as long as high, the median of the set {Math.Exp(aspect.Median):0.0} times. Look whether it marks the digit window, and all of it.");
            }
            else if (Fill(mask) < fill.Median && fill.IsFar(Fill(mask)))
            {
                yield return Found(DatasetCheck.MaskShapeOutlier, $"The mask fills {Fill(mask) * 100:0} % of the rectangle around it, the median of the set {fill.Median * 100:0} %. Look whether its outline is that of the digit window.");
            }
        }
    }

    private static double Aspect(MaskFacts mask) => mask.RectWidth / mask.RectHeight;

    private static double Fill(MaskFacts mask) => mask.ForegroundPixels / (mask.RectWidth * mask.RectHeight);

    /// <summary>Median and robust deviation of values; at least <c>least</c>, for values that are all but equal.</summary>
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
