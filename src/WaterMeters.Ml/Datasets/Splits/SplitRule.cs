using System.Text.Json;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Datasets.Splits;

/// <summary>
/// The rule that assigns each photo of a data set to a part. It is a pure function of the SHA-256 of the photo's file and of the few
/// overrides stored beside the data, so adding photos moves no other photo. A split file has precedence; it can give other fractions and
/// assign single photos:
/// <c>{"fractions": {"train": 0.8, "validation": 0.1, "test": 0.1}, "photos": {"HASH OR NAME": "test"}}</c>.
/// </summary>
public sealed class SplitRule
{
    private const string Example = """{"fractions": {"train": 0.8, "validation": 0.1, "test": 0.1}, "photos": {"NAME": "test"}}""";

    private readonly Dictionary<string, DatasetSplit> assigned = new(StringComparer.OrdinalIgnoreCase);
    private readonly SplitAssignments assignments;

    /// <summary>Creates a rule of fractions alone.</summary>
    public SplitRule(SplitFractions? fractions = null)
        : this(fractions ?? new SplitFractions(), SplitStore.Empty)
    {
    }

    private SplitRule(SplitFractions fractions, SplitStore store) =>
        (Fractions, Store, assignments) = (fractions, store, new SplitAssignments(fractions, store.Overrides));

    /// <summary>The fractions in use.</summary>
    public SplitFractions Fractions { get; }

    /// <summary>The split stored beside the data set.</summary>
    public SplitStore Store { get; }

    /// <summary>Reads the rule of a data set.</summary>
    /// <param name="dataPath">The folder of the data set.</param>
    /// <param name="splitPath">A split file with precedence over the stored split; null for none.</param>
    /// <exception cref="DatasetException">The stored split or the split file cannot be read.</exception>
    public static SplitRule For(string dataPath, string? splitPath = null) => For(SplitStore.Read(dataPath), splitPath);

    /// <summary>Creates the rule of a stored split.</summary>
    /// <exception cref="DatasetException">The split file is missing, is not JSON, or has another form than described above.</exception>
    public static SplitRule For(SplitStore store, string? splitPath) =>
        splitPath is null ? new SplitRule(store.Fractions ?? new SplitFractions(), store) : Read(splitPath, store);

    /// <summary>Returns the rule with additional overrides.</summary>
    internal SplitRule With(IEnumerable<SplitOverride> overrides)
    {
        var rule = new SplitRule(Fractions, Store.With(Store.Fractions, overrides));
        foreach (var (photo, split) in assigned) rule.assigned.Add(photo, split);
        return rule;
    }

    private static SplitRule Read(string path, SplitStore store)
    {
        try
        {
            // Read as text: editors and shells on Windows write a byte order mark or UTF-16.
            using var json = JsonDocument.Parse(HeldFile.ReadAllText(path));
            var fractions = json.RootElement.TryGetProperty("fractions", out var given)
                ? SplitFractions.Read(given)
                : store.Fractions ?? new SplitFractions();
            var rule = new SplitRule(fractions, store);
            if (json.RootElement.TryGetProperty("photos", out var photos))
            {
                foreach (var photo in photos.EnumerateObject())
                {
                    string key = DatasetListing.IsPhotoName(photo.Name) ? Path.GetFileNameWithoutExtension(photo.Name) : photo.Name;
                    string? word = photo.Value.GetString();
                    rule.assigned[PairName.Normalize(key)] = EnumName.TryParse(word, out DatasetSplit split)
                        ? split
                        : throw new DatasetException(
                            path,
                            $"The split file '{path}' assigns '{photo.Name}' to '{photo.Value}'. "
                                + "Use train, validation, test or aside.");
                }
            }

            return rule;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException(path, $"Cannot read the split file '{path}': {e.Sentence()} Check -SplitPath.", e);
        }
        catch (SettingsException e)
        {
            throw new DatasetException(path, $"Cannot use the split file '{path}': {e.Message}", e);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new DatasetException(path, $"'{path}' is not a valid split file: {e.Sentence()} Write it like {Example}.", e);
        }
    }

    /// <summary>Returns the entries of the split file, hashes or names, that match no pair.</summary>
    internal string[] Unmatched(IEnumerable<HashedPair> pairs)
    {
        if (assigned.Count == 0) return [];
        var known = pairs.SelectMany(p => new[] { p.Hash, PairName.Normalize(p.Pair.Name), assignments.Origin(p.Hash) })
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. assigned.Keys.Where(key => !known.Contains(key))];
    }

    /// <summary>Returns the hash of a photo's file before all of its repairs.</summary>
    public string Origin(string hash) => assignments.Origin(hash);

    /// <summary>
    /// Returns the other hashes by which a model may have seen a photo: those of its file before and after repairs, and of photos linked
    /// to it.
    /// </summary>
    public IReadOnlyList<string> LinkedHashes(string hash) => assignments.LinkedHashes(hash);

    /// <summary>Returns the part of a photo.</summary>
    /// <param name="hash">SHA-256 of its file.</param>
    /// <param name="name">Its name, which a split file may use.</param>
    public DatasetSplit Assign(string hash, string name) =>
        TryGetAssigned(hash, name, out var split) ? split : assignments.Find(hash).Split;

    /// <summary>Returns whether a photo is in no part because two overrides put it into two.</summary>
    public bool IsDisputed(string hash, string name) => !TryGetAssigned(hash, name, out _) && assignments.Find(hash).IsDisputed;

    /// <summary>Returns whether one photo follows another, directly or through other photos.</summary>
    internal bool Follows(string hash, string other) => assignments.Follows(hash, other);

    private bool TryGetAssigned(string hash, string name, out DatasetSplit split) =>
        assigned.TryGetValue(hash, out split)
        || assigned.TryGetValue(assignments.Origin(hash), out split)
        || assigned.TryGetValue(PairName.Normalize(name), out split);
}
