using WaterMeters.Ml.Datasets.Duplicates;
using WaterMeters.Ml.Datasets.Facts;
using WaterMeters.Ml.Datasets.Splits;
using static System.FormattableString;

namespace WaterMeters.Ml.Datasets.Checks;

/// <summary>The checks of photos that exist more than once. Each photo gets findings of its worst problems only.</summary>
/// <param name="pairs">The pairs of a data set.</param>
/// <param name="rule">Assigns each photo to a part.</param>
/// <param name="settings">The severities; checks that are off are not run.</param>
internal sealed class DuplicateChecks(IReadOnlyList<PairFacts> pairs, SplitRule rule, CheckSettings settings)
{
    /// <summary>Two masks of one photo are different when they overlap less than this (intersection over union).</summary>
    public const double LeastOverlap = 0.6;

    private static readonly DatasetCheck[] Checks =
        [DatasetCheck.PhotoDuplicate, DatasetCheck.PhotoNearDuplicate, DatasetCheck.PhotoInTwoSplits, DatasetCheck.PhotoWithTwoMasks];

    private readonly List<PairFacts> readable = [.. pairs.Where(p => p.Photo is not null)];

    /// <summary>Returns all findings; each is about the later photo and names the earlier one too.</summary>
    public IEnumerable<CheckResult> Find(CancellationToken cancellation)
    {
        if (!Checks.Any(settings.IsEnabled)) return [];
        var matches = DuplicateSearch.Find([.. readable.Select(p => p.Photo!)], cancellation);
        return matches.GroupBy(m => m.Index).SelectMany(ofOne => Run([.. ofOne]));
    }

    private IEnumerable<CheckResult> Run(PhotoMatch[] matches)
    {
        var split = Split(matches[0].Index);
        bool isReported = false;
        if (settings.IsEnabled(DatasetCheck.PhotoInTwoSplits) && split != DatasetSplit.Aside
            && matches.FirstOrDefault(IsInAnotherPart) is { } elsewhere)
        {
            isReported = true;
            yield return Finding(
                DatasetCheck.PhotoInTwoSplits,
                elsewhere,
                $"This one is in {split}, the other in {Split(elsewhere.Earlier)}: a model would be measured on what it learned. "
                    + "Run Split-WmsDataset, which sets one of them aside, or remove one of the pairs.");
        }

        if (settings.IsEnabled(DatasetCheck.PhotoWithTwoMasks) && matches.FirstOrDefault(HasOtherMask) is { } marked)
        {
            isReported = true;
            yield return Finding(
                DatasetCheck.PhotoWithTwoMasks, marked, "Their masks differ, so one is wrong. Check both, and remove one of the pairs.");
        }

        if (isReported) yield break;
        yield return Finding(
            matches[0].IsExact ? DatasetCheck.PhotoDuplicate : DatasetCheck.PhotoNearDuplicate, matches[0], "Remove one of the pairs.");

        bool IsInAnotherPart(PhotoMatch match) => Split(match.Earlier) is var other && other != split && other != DatasetSplit.Aside;
    }

    private DatasetSplit Split(int index) => rule.Assign(readable[index].Photo!.Hash, readable[index].Pair.Name);

    private bool HasOtherMask(PhotoMatch match)
    {
        if (readable[match.Index].Mask is not { } mask || readable[match.Earlier].Mask is not { } other) return false;
        var turned = new byte[Thumbnail.Area];
        match.Symmetry.Apply<byte>(other.Thumbnail, Thumbnail.Side, turned);
        return ThumbnailAlignment.Overlap(mask.Thumbnail, turned, match.Warp) < LeastOverlap;
    }

    private CheckResult Finding(DatasetCheck check, PhotoMatch match, string rest)
    {
        var (pair, other) = (readable[match.Index].Pair, readable[match.Earlier].Pair);
        string name = Path.GetFileName(other.ImagePath), change = match.Symmetry.Description;
        string turned = change.Length == 0 ? "" : $", {change}";
        string same = match.IsExact
            ? $"The photo is the same file as '{name}'."
            : Invariant($"The photo shows the same scene as '{name}'{turned} (similarity {match.Similarity:0.000}).");
        return new CheckResult(check, pair.Name, pair.ImagePath, $"{same} {rest}", other.ImagePath);
    }
}
