using System.Globalization;

namespace WaterMeters.Ml.Datasets.Splits;

/// <summary>What to do about a test part that is too small to decide by.</summary>
/// <param name="Fractions">Fractions with which it would be large enough; null when it is, or when none do.</param>
/// <param name="Text">Sentences; empty when nothing is to be done.</param>
internal sealed record SplitAdvice(SplitFractions? Fractions, string Text)
{
    /// <summary>Less to train on is not suggested.</summary>
    public const double LeastTrain = 0.5;

    /// <summary>Photos come and go: the number that is to be expected lies over the one that is needed by as much.</summary>
    private const double Room = 1.05;

    /// <summary>The advice for a data set.</summary>
    /// <param name="rule">Says where its photos are.</param>
    /// <param name="photos">Their hashes and names.</param>
    /// <param name="minimum">Photos that a comparison needs for a verdict.</param>
    public static SplitAdvice Create(SplitRule rule, IReadOnlyList<(string Hash, string Name)> photos, int minimum)
    {
        int usable = photos.Count(p => rule.Assign(p.Hash, p.Name) != DatasetSplit.Aside), disputed = photos.Count(p => rule.IsDisputed(p.Hash, p.Name)), test = InTest(rule);
        var said = new List<string>();
        SplitFractions? better = null;
        if (test < minimum)
        {
            said.Add($"The test part has {test} photos, and a comparison needs {minimum} for a verdict: {minimum - test} are missing.");
            better = Larger(rule.Fractions).FirstOrDefault(f => f.Test * usable >= minimum * Room && InTest(With(f)) >= minimum);
            if (better is not null)
            {
                said.Add(string.Create(CultureInfo.InvariantCulture, $"-Train {better.Train} -Validation {better.Validation} -Force would put {InTest(With(better))} there. That moves photos: those that a model has seen are left out when it is compared, so train the models anew that are to be compared."));
            }
            else
            {
                double fraction = rule.Fractions.Test > 0 ? rule.Fractions.Test : new SplitFractions().Test;
                int more = Math.Max(minimum - test, (int)Math.Ceiling(Math.Round(minimum * Room / fraction, 6)) - usable);
                said.Add(string.Create(CultureInfo.InvariantCulture, $"No fractions that leave half of the photos to train on reach that. With {fraction:0.##} of them in the test about {more} more photos are needed."));
            }
        }

        if (disputed > 0) said.Add($"{disputed} photos are in no part because two branches put them into two.");
        return new SplitAdvice(better, string.Join(' ', said));

        int InTest(SplitRule by) => photos.Count(p => by.Assign(p.Hash, p.Name) == DatasetSplit.Test);

        SplitRule With(SplitFractions fractions) => SplitRule.For(rule.Store.With(fractions, []), null);
    }

    /// <summary>Fractions with a larger test part, in whole per cent, the smallest first; validation keeps its proportion to training.</summary>
    private static IEnumerable<SplitFractions> Larger(SplitFractions now)
    {
        double learning = now.Train + now.Validation, share = learning > 0 ? now.Validation / learning : 1.0 / 9;
        for (int test = (int)Math.Floor((now.Test * 100) + 1e-6) + 1; test <= 100; test++)
        {
            int validation = Math.Max(share > 0 ? 1 : 0, (int)Math.Round((100 - test) * share)), train = 100 - test - validation;
            if (train < LeastTrain * 100) yield break;
            yield return new SplitFractions(train / 100.0, validation / 100.0);
        }
    }
}
