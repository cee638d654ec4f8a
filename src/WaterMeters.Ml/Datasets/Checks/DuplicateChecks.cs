using System.Globalization;
using WaterMeters.Ml.Datasets.Duplicates;
using WaterMeters.Ml.Datasets.Facts;
using WaterMeters.Ml.Datasets.Splits;

namespace WaterMeters.Ml.Datasets.Checks;

/// <summary>The checks of photos that are there more than once: one finding a photo, of what is worst about it.</summary>
/// <param name="pairs">The pairs of a set.</param>
/// <param name="rule">Gives each photo its part.</param>
/// <param name="settings">Which checks are wanted.</param>
internal sealed class DuplicateChecks(IReadOnlyList<PairFacts> pairs, SplitRule rule, CheckSettings settings)
{
    /// <summary>Two masks of one photo that overlap less than this, the smaller part over the larger, are two different masks.</summary>
    public const double LeastOverlap = 0.6;

    private static readonly DatasetCheck[] Checks = [DatasetCheck.PhotoDuplicate, DatasetCheck.PhotoNearDuplicate, DatasetCheck.PhotoInTwoSplits, DatasetCheck.PhotoWithTwoMasks];

    private readonly List<PairFacts> readable = [.. pairs.Where(p => p.Photo is not null)];

    /// <summary>All that is found; each finding is about the later photo and names the earlier one too.</summary>
    public IEnumerable<CheckResult> Find(CancellationToken cancellation)
    {
        if (!Checks.Any(settings.IsWanted)) return [];
        var matches = DuplicateSearch.Find([.. readable.Select(p => p.Photo!)], cancellation);
        return matches.GroupBy(m => m.Index).SelectMany(ofOne => Run([.. ofOne]));
    }

    private IEnumerable<CheckResult> Run(PhotoMatch[] matches)
    {
        var split = Split(matches[0].Index);
        bool told = false;
        if (settings.IsWanted(DatasetCheck.PhotoInTwoSplits) && split != DatasetSplit.Aside && matches.FirstOrDefault(m => Split(m.Earlier) is var other && other != split && other != DatasetSplit.Aside) is { } elsewhere)
        {
            told = true;
            yield return Found(DatasetCheck.PhotoInTwoSplits, elsewhere, $" It is in {split}, the other one in {Split(elsewhere.Earlier)}: a model would be measured on what it learned. Split-WmsDataset sets one of them aside; or take one of the pairs out.");
        }

        if (settings.IsWanted(DatasetCheck.PhotoWithTwoMasks) && matches.FirstOrDefault(HasOtherMask) is { } marked)
        {
            told = true;
            yield return Found(DatasetCheck.PhotoWithTwoMasks, marked, " Their masks differ, so one of them is wrong. Look at both, and take one of the pairs out.");
        }

        if (!told) yield return Found(matches[0].IsExact ? DatasetCheck.PhotoDuplicate : DatasetCheck.PhotoNearDuplicate, matches[0], " Take one of the pairs out.");
    }

    private DatasetSplit Split(int index) => rule.Assign(readable[index].Photo!.Hash, readable[index].Pair.Name);

    private bool HasOtherMask(PhotoMatch match)
    {
        if (readable[match.Index].Mask is not { } mask || readable[match.Earlier].Mask is not { } other) return false;
        var turned = new byte[Thumbnail.Area];
        match.Symmetry.Apply<byte>(other.Thumbnail, Thumbnail.Side, turned);
        return ThumbnailAlignment.Overlap(mask.Thumbnail, turned, match.Warp) < LeastOverlap;
    }

    private CheckResult Found(DatasetCheck check, PhotoMatch match, string rest)
    {
        var (pair, other) = (readable[match.Index].Pair, readable[match.Earlier].Pair);
        string turned = match.Symmetry.Words, name = Path.GetFileName(other.ImagePath);
        string same = match.IsExact
            ? $"The photo is the same file as '{name}'."
            : string.Create(CultureInfo.InvariantCulture, $"The photo shows what '{name}' shows{(turned.Length == 0 ? "" : $", {turned}")} (similarity {match.Similarity:0.000}).");
        return new CheckResult(check, pair.Name, pair.ImagePath, same + rest, other.ImagePath);
    }
}
