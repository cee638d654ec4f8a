using System.Globalization;

namespace WaterMeters.Ml.Datasets.Splits;

/// <summary>Advice for a test part that is too small for a verdict.</summary>
/// <param name="Fractions">Fractions that make it large enough; null when it is, or when no fractions do.</param>
/// <param name="Text">The advice in sentences; empty when there is nothing to do.</param>
internal sealed record SplitAdvice(SplitFractions? Fractions, string Text)
{
    /// <summary>Smallest training fraction that is suggested.</summary>
    public const double LeastTrain = 0.5;

    /// <summary>Margin of the expected number of test photos over the minimum, because photos are added and removed.</summary>
    private const double Margin = 1.05;

    /// <summary>Creates the advice for a data set.</summary>
    /// <param name="rule">The rule that assigns the photos.</param>
    /// <param name="photos">Their hashes and names.</param>
    /// <param name="minimum">Test photos that a comparison needs for a verdict.</param>
    public static SplitAdvice Create(SplitRule rule, IReadOnlyList<(string Hash, string Name)> photos, int minimum)
    {
        int usable = photos.Count(p => rule.Assign(p.Hash, p.Name) != DatasetSplit.Aside);
        int disputed = photos.Count(p => rule.IsDisputed(p.Hash, p.Name)), test = InTest(rule);
        var sentences = new List<string>();
        SplitFractions? better = null;
        if (test < minimum)
        {
            sentences.Add($"The test part has {test} photos, but a verdict needs {minimum}: {minimum - test} are missing.");
            better = Larger(rule.Fractions).FirstOrDefault(f => f.Test * usable >= minimum * Margin && InTest(With(f)) >= minimum);
            if (better is not null)
            {
                sentences.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"-Train {better.Train} -Validation {better.Validation} -Force would put {InTest(With(better))} photos there."));
                sentences.Add(
                    "That moves photos. A comparison leaves out photos that a model has seen, so train the compared models again.");
            }
            else
            {
                double fraction = rule.Fractions.Test > 0 ? rule.Fractions.Test : new SplitFractions().Test;
                int more = Math.Max(minimum - test, (int)Math.Ceiling(Math.Round(minimum * Margin / fraction, 6)) - usable);
                sentences.Add("No fractions that leave half of the photos for training reach that.");
                sentences.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"With a test fraction of {fraction:0.##}, add about {more} more photos to the data set."));
            }
        }

        if (disputed > 0) sentences.Add($"Disputed photos: {disputed}. Two branches put them into two parts, so they are in none.");
        return new SplitAdvice(better, string.Join(' ', sentences));

        int InTest(SplitRule by) => photos.Count(p => by.Assign(p.Hash, p.Name) == DatasetSplit.Test);

        SplitRule With(SplitFractions fractions) => SplitRule.For(rule.Store.With(fractions, []), null);
    }

    /// <summary>
    /// Returns fractions with a larger test part, in whole per cent, smallest first. The ratio of validation to training stays the same.
    /// </summary>
    private static IEnumerable<SplitFractions> Larger(SplitFractions current)
    {
        double learning = current.Train + current.Validation, share = learning > 0 ? current.Validation / learning : 1.0 / 9;
        for (int test = (int)Math.Floor((current.Test * 100) + 1e-6) + 1; test <= 100; test++)
        {
            int validation = Math.Max(share > 0 ? 1 : 0, (int)Math.Round((100 - test) * share)), train = 100 - test - validation;
            if (train < LeastTrain * 100) yield break;
            yield return new SplitFractions(train / 100.0, validation / 100.0);
        }
    }
}
