using WaterMeters.Ml.Datasets.Facts;

namespace WaterMeters.Ml.Datasets.Duplicates;

/// <summary>
/// Finds photos that are the same file, or show the same scene: saved again, scaled, brighter, cropped a little, rotated or mirrored. The
/// hash of each photo is compared with every other in all eight symmetries, about ten instructions a pair; no index is exact and faster at
/// this radius below a million photos. The few close pairs are aligned. docs/decisions/near-duplicates.md has the figures behind the
/// limits.
/// </summary>
internal static class DuplicateSearch
{
    /// <summary>Smallest correlation, at the position given by the hashes, of thumbnails that are fitted to each other.</summary>
    public const double LeastBeforeFit = 0.92;

    /// <summary>Smallest correlation of aligned thumbnails that show the same scene.</summary>
    public const double LeastSimilarity = 0.97;

    /// <summary>Smallest correlation of their fine structure; otherwise they may only have a round shape in the middle in common.</summary>
    public const double LeastDetail = 0.88;

    /// <summary>Smallest standard deviation of a thumbnail; below this it shows nothing recognizable.</summary>
    public const double LeastSpread = 4;

    /// <summary>Largest number of matches of one photo, so that a data set of nothing but copies does not take quadratic time.</summary>
    private const int MostMatches = 8;

    /// <summary>
    /// Returns the matches of each photo with earlier ones, ordered by index, then by the earlier one. Of identical files only the first is
    /// compared.
    /// </summary>
    /// <param name="photos">The photos.</param>
    /// <param name="cancellation">Cancels between two photos.</param>
    /// <param name="from">Index of the first photo whose matches are returned; each is compared with all photos before it.</param>
    public static IReadOnlyList<PhotoMatch> Find(IReadOnlyList<PhotoFacts> photos, CancellationToken cancellation, int from = 0)
    {
        var matches = new List<PhotoMatch>[photos.Count];
        var first = new Dictionary<string, int>(StringComparer.Ordinal);
        var distinct = new List<int>();
        for (int i = 0; i < photos.Count; i++)
        {
            string hash = photos[i].Hash;
            if (!first.TryAdd(hash, i)) matches[i] = [new PhotoMatch(i, first[hash], true, 1, default, ThumbnailWarp.Identity)];
            else if (Spread(photos[i].Thumbnail) >= LeastSpread) distinct.Add(i);
        }

        try
        {
            var fingerprints = new PhotoFingerprints([.. distinct.Select(i => photos[i].Thumbnail)], cancellation);
            var options = new ParallelOptions { CancellationToken = cancellation };
            Parallel.For(distinct.TakeWhile(i => i < from).Count(), distinct.Count, options, position =>
            {
                var found = FindNear(photos, distinct, fingerprints, position);
                if (found.Count > 0) matches[distinct[position]] = found;
            });
        }
        catch (AggregateException e)
        {
            throw e.InnerExceptions[0];
        }

        return [.. matches.Skip(from).Where(m => m is not null).SelectMany(m => m)];
    }

    private static List<PhotoMatch> FindNear(
        IReadOnlyList<PhotoFacts> photos, List<int> distinct, PhotoFingerprints fingerprints, int position)
    {
        var found = new List<PhotoMatch>();
        var query = fingerprints.CreateQuery(position);
        byte[] thumbnail = photos[distinct[position]].Thumbnail, turned = [];
        for (int other = query.Next(0, position); other < position && found.Count < MostMatches; other = query.Next(other + 1, position))
        {
            for (int i = 0; i < Symmetry.All.Count; i++)
            {
                var (distance, start) = query.Closest(other, i);
                if (distance > PhotoFingerprints.MostDistance || !query.Resembles(other, i, start)) continue;

                // This photo was transformed for its hash; the match tells how to transform the earlier one.
                if (turned.Length == 0) turned = new byte[Thumbnail.Area];
                var back = Symmetry.All[i].Inverse();
                back.Apply<byte>(photos[distinct[other]].Thumbnail, Thumbnail.Side, turned);
                var (similarity, warp) = ThumbnailAlignment.Align(thumbnail, turned, ThumbnailWarp.Positions[start], LeastBeforeFit);
                if (similarity < LeastSimilarity || ThumbnailAlignment.Detail(thumbnail, turned, warp) < LeastDetail) continue;
                found.Add(new PhotoMatch(distinct[position], distinct[other], false, similarity, back, warp));
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
