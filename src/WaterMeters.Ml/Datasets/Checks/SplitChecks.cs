using WaterMeters.Ml.Datasets.Facts;
using WaterMeters.Ml.Datasets.Splits;

namespace WaterMeters.Ml.Datasets.Checks;

/// <summary>The check of the stored split.</summary>
internal static class SplitChecks
{
    private const string Disputed = "The photo resembles photos of two parts, so it is in none and is not used. "
        + "Run Split-WmsDataset to set it aside permanently, or remove the photos that it resembles from one of the parts.";

    /// <summary>Finds photos that two overrides put into two parts, as after joining two branches.</summary>
    public static IEnumerable<CheckResult> Run(IEnumerable<PairFacts> pairs, SplitRule rule) =>
        from facts in pairs
        where facts.Photo is not null && rule.IsDisputed(facts.Photo.Hash, facts.Pair.Name)
        select new CheckResult(DatasetCheck.SplitDisputed, facts.Pair.Name, facts.Pair.ImagePath, Disputed);
}
