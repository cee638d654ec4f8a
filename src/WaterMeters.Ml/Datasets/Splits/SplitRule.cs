using System.Text.Json;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Datasets.Splits;

/// <summary>
/// Which part of a data set a photo belongs to: a pure function of the SHA-256 of its file and of the few exceptions stored beside the
/// data, so adding photos moves nobody. A split file can give other fractions and name single photos, and is heard first:
/// <c>{"fractions": {"train": 0.8, "validation": 0.1, "test": 0.1}, "photos": {"HASH OR NAME": "test"}}</c>.
/// </summary>
public sealed class SplitRule
{
    private readonly Dictionary<string, DatasetSplit> photos = new(StringComparer.OrdinalIgnoreCase);
    private readonly SplitAssignments places;

    /// <summary>The rule with these fractions and nothing else.</summary>
    public SplitRule(SplitFractions? fractions = null)
        : this(fractions ?? new SplitFractions(), SplitStore.Empty)
    {
    }

    private SplitRule(SplitFractions fractions, SplitStore store) =>
        (Fractions, Store, places) = (fractions, store, new SplitAssignments(fractions, store.Exceptions));

    /// <summary>The fractions that hold.</summary>
    public SplitFractions Fractions { get; }

    /// <summary>What is stored beside the data set.</summary>
    public SplitStore Store { get; }

    /// <summary>The rule of a data set.</summary>
    /// <param name="dataPath">Its folder.</param>
    /// <param name="splitPath">A split file that is heard before what is stored beside the data; null for none.</param>
    /// <exception cref="DatasetException">What is stored, or the split file, cannot be read.</exception>
    public static SplitRule For(string dataPath, string? splitPath = null) => For(SplitStore.Read(dataPath), splitPath);

    /// <summary>The rule of a data set of which this is stored.</summary>
    /// <exception cref="DatasetException">The split file is not there, no JSON, or holds something else than the form above.</exception>
    public static SplitRule For(SplitStore store, string? splitPath) =>
        splitPath is null ? new SplitRule(store.Fractions ?? new SplitFractions(), store) : Read(splitPath, store);

    /// <summary>The rule once this is stored too.</summary>
    internal SplitRule With(IEnumerable<SplitOverride> exceptions)
    {
        var rule = new SplitRule(Fractions, Store.With(Store.Fractions, exceptions));
        foreach (var (photo, split) in photos) rule.photos.Add(photo, split);
        return rule;
    }

    private static SplitRule Read(string path, SplitStore store)
    {
        try
        {
            // As text: editors and shells of Windows put a byte order mark first, or write UTF-16.
            using var json = JsonDocument.Parse(File.ReadAllText(path));
            var fractions = json.RootElement.TryGetProperty("fractions", out var given) ? SplitFractions.Read(given) : store.Fractions ?? new SplitFractions();
            var rule = new SplitRule(fractions, store);
            if (json.RootElement.TryGetProperty("photos", out var photos))
            {
                foreach (var photo in photos.EnumerateObject())
                {
                    rule.photos[DatasetListing.IsPhotoName(photo.Name) ? Path.GetFileNameWithoutExtension(photo.Name) : photo.Name] = Enum.TryParse(photo.Value.GetString(), ignoreCase: true, out DatasetSplit split) && Enum.IsDefined(split)
                        ? split
                        : throw new DatasetException(path, $"'{path}' puts '{photo.Name}' into '{photo.Value}'. Name train, validation, test or aside there.");
                }
            }

            return rule;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException(path, $"The split file '{path}' cannot be read: {e.Sentence()} Check -SplitPath.", e);
        }
        catch (SettingsException e)
        {
            throw new DatasetException(path, $"'{path}' cannot be used: {e.Message}", e);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new DatasetException(path, $"'{path}' is no split file: {e.Sentence()} Write it like {{\"fractions\": {{\"train\": 0.8, \"validation\": 0.1, \"test\": 0.1}}, \"photos\": {{\"NAME\": \"test\"}}}}.", e);
        }
    }

    /// <summary>The photos that the split file names, by hash or name, that are not among these.</summary>
    internal string[] Unmatched(IEnumerable<HashedPair> pairs)
    {
        if (photos.Count == 0) return [];
        var known = pairs.SelectMany(p => new[] { p.Hash, p.Pair.Name, places.Origin(p.Hash) }).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. photos.Keys.Where(key => !known.Contains(key))];
    }

    /// <summary>The hash that a photo's file had before all of its repairs.</summary>
    public string Origin(string hash) => places.Origin(hash);

    /// <summary>The other hashes by which a model may have seen a photo: of its file before and after repairs, and of photos that resemble it.</summary>
    public IReadOnlyList<string> LinkedHashes(string hash) => places.LinkedHashes(hash);

    /// <summary>The part of a photo, by the SHA-256 of its file and its name.</summary>
    public DatasetSplit Assign(string hash, string name) => TryNamed(hash, name, out var named) ? named : places.Find(hash).Split;

    /// <summary>Whether a photo is in no part because what is stored of it puts it into two.</summary>
    public bool IsDisputed(string hash, string name) => !TryNamed(hash, name, out _) && places.Find(hash).Disagree;

    /// <summary>Whether one photo follows another, be it over others.</summary>
    internal bool Follows(string hash, string other) => places.Follows(hash, other);

    private bool TryNamed(string hash, string name, out DatasetSplit split) =>
        photos.TryGetValue(hash, out split) || photos.TryGetValue(places.Origin(hash), out split) || photos.TryGetValue(name, out split);
}
