using WaterMeters.Ml.Datasets.Facts;
using WaterMeters.Ml.Datasets.Splits;
using static System.FormattableString;

namespace WaterMeters.Ml.Datasets.Checks;

/// <summary>
/// The check of the parts' sizes. Whether the test part is large enough for a verdict is not checked here, since most data sets grow
/// towards it: Split-WmsDataset reports it.
/// </summary>
internal static class PartChecks
{
    /// <summary>Fewest training photos: normalization needs two in a batch.</summary>
    public const int LeastTrain = 2;

    /// <summary>Finds out whether a training, its validation and a measurement would be refused.</summary>
    /// <param name="dataPath">The folder.</param>
    /// <param name="pairs">All pairs of the data set.</param>
    /// <param name="rule">Assigns each photo to a part.</param>
    public static IEnumerable<CheckResult> Run(string dataPath, IReadOnlyList<PairFacts> pairs, SplitRule rule)
    {
        var readable = pairs.Where(p => p.Photo is not null).ToList();
        if (readable.Count == 0) yield break; // other findings say so
        var counts = readable.CountBy(p => rule.Assign(p.Photo!.Hash, p.Pair.Name)).ToDictionary();
        int train = Of(DatasetSplit.Train), validation = Of(DatasetSplit.Validation), test = Of(DatasetSplit.Test);
        string[] missing =
        [
            .. train < LeastTrain ? [$"a training needs {LeastTrain} photos in Train"] : Array.Empty<string>(),
            .. validation == 0 ? ["a training needs a photo in Validation"] : Array.Empty<string>(),
            .. test == 0 ? ["a measurement needs a photo in Test"] : Array.Empty<string>(),
        ];
        if (missing.Length == 0) yield break;
        string message = Invariant($"Of {readable.Count} photos {train} are in Train, {validation} in Validation and {test} in Test, but ")
            + string.Join(", ", missing) + ". Add photos, or change the parts with Split-WmsDataset or a split file.";
        yield return new CheckResult(DatasetCheck.PartTooSmall, "", dataPath, message);

        int Of(DatasetSplit split) => counts.GetValueOrDefault(split);
    }
}
