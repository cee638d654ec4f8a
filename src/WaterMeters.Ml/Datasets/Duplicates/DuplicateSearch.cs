using WaterMeters.Ml.Datasets.Facts;

namespace WaterMeters.Ml.Datasets.Duplicates;

/// <summary>
/// Finds photos that are the same file, or show the same image: saved anew, scaled, brighter, cropped a little, turned, mirrored. The
/// hash of every photo is held against that of every other in all eight symmetries, some ten instructions a pair; no index is exact and
/// faster at this radius below a million photos. The few that come close are laid over each other. docs/decisions/near-duplicates.md has
/// the figures behind the limits.
/// </summary>
internal static class DuplicateSearch
{
    /// <summary>Thumbnails that correlate less than this as their hashes put them are not fitted to each other.</summary>
    public const double LeastBeforeFit = 0.92;

    /// <summary>Thumbnails that correlate as much as this when one lies on the other show the same image.</summary>
    public const double LeastSimilarity = 0.97;

    /// <summary>And their fine structure as much as this: what they have in common is not only that there is something round in the middle.</summary>
    public const double LeastDetail = 0.88;

    /// <summary>A thumbnail whose values spread less than this (standard deviation) shows nothing to be known again by.</summary>
    public const double LeastSpread = 4;

    /// <summary>More photos that resemble one are not looked for: a set of nothing but copies must not take the square of its size.</summary>
    private const int MostMatches = 8;

    /// <summary>Finds the matches of every photo with earlier ones, by index and then by the earlier one; of equal files, with the first of them.</summary>
    /// <param name="photos">The photos.</param>
    /// <param name="cancellation">Stops between two photos.</param>
    /// <param name="from">The place of the first photo whose matches are asked for; it is held against all before it.</param>
    public static IReadOnlyList<PhotoMatch> Find(IReadOnlyList<PhotoFacts> photos, CancellationToken cancellation, int from = 0)
    {
        var matches = new List<PhotoMatch>[photos.Count];
        var first = new Dictionary<string, int>(StringComparer.Ordinal);
        var different = new List<int>();
        for (int i = 0; i < photos.Count; i++)
        {
            if (!first.TryAdd(photos[i].Hash, i)) matches[i] = [new PhotoMatch(i, first[photos[i].Hash], true, 1, default, ThumbnailWarp.Identity)];
            else if (Spread(photos[i].Thumbnail) >= LeastSpread) different.Add(i);
        }

        try
        {
            var looks = new PhotoFingerprints([.. different.Select(i => photos[i].Thumbnail)], cancellation);
            Parallel.For(different.TakeWhile(i => i < from).Count(), different.Count, new ParallelOptions { CancellationToken = cancellation }, place =>
            {
                var found = Near(photos, different, looks, place);
                if (found.Count > 0) matches[different[place]] = found;
            });
        }
        catch (AggregateException e)
        {
            throw e.InnerExceptions[0];
        }

        return [.. matches.Skip(from).Where(m => m is not null).SelectMany(m => m)];
    }

    private static List<PhotoMatch> Near(IReadOnlyList<PhotoFacts> photos, List<int> different, PhotoFingerprints looks, int place)
    {
        var found = new List<PhotoMatch>();
        var query = looks.From(place);
        byte[] turned = [];
        for (int other = query.Next(0, place); other < place && found.Count < MostMatches; other = query.Next(other + 1, place))
        {
            for (int i = 0; i < Symmetry.All.Count; i++)
            {
                var (distance, start) = query.Closest(other, i);
                if (distance > PhotoFingerprints.MostDistance || !query.Resembles(other, i, start)) continue;

                // This photo was turned for its hash; the match says how to turn the earlier one.
                if (turned.Length == 0) turned = new byte[Thumbnail.Area];
                var back = Symmetry.All[i].Inverse();
                back.Apply<byte>(photos[different[other]].Thumbnail, Thumbnail.Side, turned);
                var (similarity, warp) = ThumbnailAlignment.Align(photos[different[place]].Thumbnail, turned, ThumbnailWarp.Places[start], LeastBeforeFit);
                if (similarity < LeastSimilarity || ThumbnailAlignment.Detail(photos[different[place]].Thumbnail, turned, warp) < LeastDetail) continue;
                found.Add(new PhotoMatch(different[place], different[other], false, similarity, back, warp));
                break;
            }
        }

        return found;
    }

    private static double Spread(ReadOnlySpan<byte> thumbnail)
    {
        double sum = 0, squares = 0;
        foreach (byte value in thumbnail)
        {
            sum += value;
            squares += value * value;
        }

        double mean = sum / thumbnail.Length;
        return Math.Sqrt(Math.Max(0, (squares / thumbnail.Length) - (mean * mean)));
    }
}
