using System.Collections.Concurrent;
using System.Globalization;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Datasets.Facts;

/// <summary>
/// Caches the facts of the pairs of one data set, so that the next check measures only what changed. A file is unchanged while its size and
/// write time are. The cache is optional: if it cannot be read it is empty, and if it cannot be written a verbose message says so.
/// </summary>
internal sealed class FactsCache
{
    /// <summary>Cache files of data sets that were not checked for this long are removed.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(90);

    private readonly string file;
    private readonly string dataPath;
    private readonly Dictionary<(string Photo, string Mask), CachedPair> cached;
    private readonly ConcurrentDictionary<(string Photo, string Mask), CachedPair> current = new();
    private int measuredCount;
    private int newCount;

    /// <summary>Reads the cache of a data set.</summary>
    /// <param name="folder">The folder of all caches; null for no cache.</param>
    /// <param name="dataPath">The data set.</param>
    public FactsCache(string? folder, string dataPath)
    {
        this.dataPath = Path.TrimEndingDirectorySeparator(Path.GetFullPath(dataPath));
        file = folder is null ? "" : Path.Combine(folder, "checks", FactsFile.NameFor(this.dataPath));
        cached = [];
        if (file.Length == 0) return;
        foreach (var pair in FactsFile.Read(file, this.dataPath)) cached[pair.Key] = pair;
    }

    /// <summary>Returns the facts of a pair, from the cache or by measuring it. Thread-safe.</summary>
    public PairFacts GetOrMeasure(SamplePair pair, Func<SamplePair, PairFacts> measure)
    {
        if (file.Length == 0) return measure(pair);
        var key = (Path.GetFileName(pair.ImagePath), Path.GetFileName(pair.MaskPath));
        var (photo, mask) = (FileStamp.TryRead(pair.ImagePath), FileStamp.TryRead(pair.MaskPath));
        if (cached.TryGetValue(key, out var before) && before.PhotoStamp == photo && before.MaskStamp == mask)
        {
            current[key] = before;
            return new PairFacts(pair, before.Photo, null, before.Mask, null);
        }

        var now = DateTime.UtcNow;
        var facts = measure(pair);
        Interlocked.Increment(ref measuredCount);
        if (facts is { Photo: not null, Mask: not null } && photo is { } p && mask is { } m
            && IsUnchanged(pair.ImagePath, p, now) && IsUnchanged(pair.MaskPath, m, now))
        {
            current[key] = new CachedPair(key.Item1, p, key.Item2, m, facts.Photo, facts.Mask);
            Interlocked.Increment(ref newCount);
        }

        return facts;
    }

    /// <summary>Writes the cache. After an interrupted check, the entries of pairs that it did not reach are kept.</summary>
    /// <param name="isComplete">Whether all pairs were read.</param>
    /// <param name="verbose">Called with the number of measured pairs, and with the reason if the cache cannot be written.</param>
    public void Write(bool isComplete, Action<string>? verbose)
    {
        if (file.Length == 0) return;
        string? fault = null;
        try
        {
            if (newCount > 0 || (isComplete && current.Count < cached.Count))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                var unreached = cached.Where(k => !current.ContainsKey(k.Key)).Select(k => k.Value);
                FactsFile.Write(file, dataPath, isComplete ? current.Values : current.Values.Concat(unreached));
                RemoveExpired();
            }
            else if (cached.Count > 0)
            {
                File.SetLastWriteTimeUtc(file, DateTime.UtcNow);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            fault = $"Cannot write the cache '{file}', so the next check will measure all pairs again: {e.Sentence()}";
        }

        // Last: after a check is cancelled, the callback throws.
        verbose?.Invoke(string.Create(
            CultureInfo.InvariantCulture,
            $"Measured pairs of '{dataPath}': {measuredCount}; read from the cache '{file}': {current.Count - newCount}."));
        if (fault is not null) verbose?.Invoke(fault);
    }

    /// <summary>
    /// Returns whether a file is the one that was read. If it was written during or just before that, it may change again with the same
    /// stamp.
    /// </summary>
    private static bool IsUnchanged(string path, FileStamp stamp, DateTime read) =>
        stamp.IsSettled(read) && FileStamp.TryRead(path) == stamp;

    private void RemoveExpired()
    {
        foreach (var other in new DirectoryInfo(Path.GetDirectoryName(file)!).EnumerateFiles("*" + FactsFile.Extension))
        {
            try
            {
                if (other.LastWriteTimeUtc < DateTime.UtcNow - Lifetime) other.Delete();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The next check that writes the cache tries again.
            }
        }
    }
}
