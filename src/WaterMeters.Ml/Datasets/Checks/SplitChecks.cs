using WaterMeters.Ml.Datasets.Facts;
using WaterMeters.Ml.Datasets.Splits;

namespace WaterMeters.Ml.Datasets.Checks;

/// <summary>The check of what is stored of the photos' places.</summary>
internal static class SplitChecks
{
    /// <summary>The photos that two statements put into two parts, as after joining two branches.</summary>
    public static IEnumerable<CheckResult> Run(IEnumerable<PairFacts> pairs, SplitRule rule) =>
        from facts in pairs
        where facts.Photo is not null && rule.IsDisputed(facts.Photo.Hash, facts.Pair.Name)
        select new CheckResult(DatasetCheck.SplitDisputed, facts.Pair.Name, facts.Pair.ImagePath, "It resembles photos that are in two parts by now, so it is in none and no model sees it. Split-WmsDataset sets it aside for good; to use it, take the photos that it resembles out of one of the parts.");
}
