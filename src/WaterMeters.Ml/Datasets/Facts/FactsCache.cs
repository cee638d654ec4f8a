using System.Collections.Concurrent;
using System.Globalization;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Datasets.Facts;

/// <summary>
/// Keeps what was seen of the pairs of one data set, so that the next check looks only at what changed since. A file is the same while its
/// size and its time of writing are. The cache is a help and never a condition: one that cannot be read is empty, and one that cannot be
/// written is told to whoever listens.
/// </summary>
internal sealed class FactsCache
{
    /// <summary>Sets that nobody checked for so long are looked at anew.</summary>
    private static readonly TimeSpan Forgotten = TimeSpan.FromDays(90);

    private readonly string file;
    private readonly string dataPath;
    private readonly Dictionary<(string Photo, string Mask), CachedPair> known;
    private readonly ConcurrentDictionary<(string Photo, string Mask), CachedPair> seen = new();
    private int looks;
    private int news;

    /// <summary>Reads what is known of a data set.</summary>
    /// <param name="folder">The folder of all caches; null for none, and every pair is looked at.</param>
    /// <param name="dataPath">The data set.</param>
    public FactsCache(string? folder, string dataPath)
    {
        this.dataPath = Path.TrimEndingDirectorySeparator(Path.GetFullPath(dataPath));
        file = folder is null ? "" : Path.Combine(folder, "checks", FactsFile.NameOf(this.dataPath));
        known = [];
        if (file.Length == 0) return;
        foreach (var pair in FactsFile.Read(file, this.dataPath)) known[pair.Key] = pair;
    }

    /// <summary>Gives what is known of a pair, or looks at it; on any number of threads.</summary>
    public PairFacts Look(SamplePair pair, Func<SamplePair, PairFacts> measure)
    {
        if (file.Length == 0) return measure(pair);
        var key = (Path.GetFileName(pair.ImagePath), Path.GetFileName(pair.MaskPath));
        var (photo, mask) = (FileStamp.TryRead(pair.ImagePath), FileStamp.TryRead(pair.MaskPath));
        if (known.TryGetValue(key, out var before) && before.PhotoStamp == photo && before.MaskStamp == mask)
        {
            seen[key] = before;
            return new PairFacts(pair, before.Photo, null, before.Mask, null);
        }

        var now = DateTime.UtcNow;
        var facts = measure(pair);
        Interlocked.Increment(ref looks);
        if (facts is { Photo: not null, Mask: not null } && photo is { } p && mask is { } m && IsSame(pair.ImagePath, p, now) && IsSame(pair.MaskPath, m, now))
        {
            seen[key] = new CachedPair(key.Item1, p, key.Item2, m, facts.Photo, facts.Mask);
            Interlocked.Increment(ref news);
        }

        return facts;
    }

    /// <summary>Writes what was seen. Of a check that was broken off, what was known of the pairs it did not reach stays.</summary>
    /// <param name="isComplete">Whether all pairs were asked for.</param>
    /// <param name="tell">Hears what was known, and why the cache cannot be written.</param>
    public void Write(bool isComplete, Action<string>? tell)
    {
        if (file.Length == 0) return;
        string? fault = null;
        try
        {
            if (news > 0 || (isComplete && seen.Count < known.Count))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                FactsFile.Write(file, dataPath, isComplete ? seen.Values : seen.Values.Concat(known.Where(k => !seen.ContainsKey(k.Key)).Select(k => k.Value)));
                RemoveForgotten();
            }
            else if (known.Count > 0)
            {
                File.SetLastWriteTimeUtc(file, DateTime.UtcNow);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            fault = $"What was seen cannot be kept in '{file}', and the next check will look at everything again: {e.Sentence()}";
        }

        // Last: of a check that is stopped nobody listens any more, and who tells of it throws.
        tell?.Invoke(string.Create(CultureInfo.InvariantCulture, $"{looks} pairs of '{dataPath}' were looked at, {seen.Count - news} were known from '{file}'."));
        if (fault is not null) tell?.Invoke(fault);
    }

    /// <summary>A file that was written while it was read, or just before, may change again without a sign.</summary>
    private static bool IsSame(string path, FileStamp stamp, DateTime read) => stamp.IsSettled(read) && FileStamp.TryRead(path) == stamp;

    private void RemoveForgotten()
    {
        foreach (var other in new DirectoryInfo(Path.GetDirectoryName(file)!).EnumerateFiles("*" + FactsFile.Ending))
        {
            try
            {
                if (other.LastWriteTimeUtc < DateTime.UtcNow - Forgotten) other.Delete();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The next check that writes tries again.
            }
        }
    }
}
