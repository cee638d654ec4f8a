using System.Text.Json;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Datasets.Splits;

/// <summary>
/// The split of a data set as it is stored beside the photos: the fractions, and the overrides of photos that are not in the part their
/// hash gives. Each override has a file of its own that never changes, so branches of a repository that add photos do not conflict.
/// </summary>
public sealed class SplitStore
{
    private SplitStore(SplitFractions? fractions, IReadOnlyList<SplitOverride> overrides) =>
        (Fractions, Overrides) = (fractions, overrides);

    /// <summary>The store of a data set without a stored split.</summary>
    public static SplitStore Empty { get; } = new(null, []);

    /// <summary>The fractions; null when none are stored.</summary>
    public SplitFractions? Fractions { get; }

    /// <summary>The overrides, ordered by file name.</summary>
    public IReadOnlyList<SplitOverride> Overrides { get; }

    /// <summary>Reads the split stored beside a data set; <see cref="Empty"/> when there is no folder.</summary>
    /// <exception cref="DatasetException">
    /// A file cannot be read, or is damaged. Ignoring it could move photos into another part without notice.
    /// </exception>
    public static SplitStore Read(string dataPath)
    {
        string folder = SplitFolder.PathFor(dataPath), path = folder;
        try
        {
            if (!Directory.Exists(folder) && !IsLink(folder) && !File.Exists(folder)) return Empty;
            path = Path.Combine(folder, SplitFolder.FractionsFile);
            var fractions = Contains(folder, SplitFolder.FractionsFile) ? ReadFractions(path) : null;
            path = Path.Combine(folder, SplitFolder.OverridesFolder);
            var overrides = new List<SplitOverride>();
            if (Contains(folder, SplitFolder.OverridesFolder))
            {
                var files = Directory.GetFiles(path, "*.json", SearchOption.AllDirectories)
                    .Where(f => !Path.GetFileName(f).StartsWith('.')).Order(StringComparer.Ordinal);
                foreach (string file in files)
                {
                    path = file;
                    overrides.Add(SplitOverride.Parse(HeldFile.ReadAllText(file)));
                }
            }

            return new SplitStore(fractions, overrides);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException(
                path,
                $"Cannot read the split of '{dataPath}' from '{path}': {e.Sentence()} "
                    + "Check the file and its permissions; without it photos would change parts.",
                e);
        }
        catch (Exception e) when (
            e is JsonException or FormatException or InvalidOperationException or KeyNotFoundException or SettingsException)
        {
            throw new DatasetException(
                path,
                $"The split file '{path}' is damaged: {e.Sentence()} "
                    + "Restore it from version control or a backup; without it photos would change parts.",
                e);
        }
    }

    /// <summary>Returns the store with other fractions and additional overrides. Nothing is written.</summary>
    internal SplitStore With(SplitFractions? fractions, IEnumerable<SplitOverride> overrides) =>
        new(fractions, [.. Overrides.Concat(overrides).Distinct().OrderBy(e => e.FileName, StringComparer.Ordinal)]);

    /// <summary>Returns the store with additional overrides. Nothing is written.</summary>
    internal SplitStore With(IEnumerable<SplitOverride> overrides) => With(Fractions, overrides);

    /// <summary>Stores fractions. Photos move when their hash falls into another part.</summary>
    /// <exception cref="DatasetException">The file cannot be written.</exception>
    public static void Write(string dataPath, SplitFractions fractions) =>
        Write(Path.Combine(SplitFolder.PathFor(dataPath), SplitFolder.FractionsFile), fractions.Text);

    /// <summary>Stores overrides. Existing files stay unchanged.</summary>
    /// <exception cref="DatasetException">A file cannot be written; the overrides before it are stored.</exception>
    public static void Add(string dataPath, IEnumerable<SplitOverride> overrides)
    {
        foreach (var added in overrides)
        {
            string path = Path.Combine(SplitFolder.PathFor(dataPath), SplitFolder.OverridesFolder, added.FileName);
            if (!File.Exists(path)) Write(path, added.Text);
        }
    }

    private static void Write(string path, string text)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            AtomicFile.WriteText(path, text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException(
                path,
                $"Cannot store the split in '{path}': {e.Sentence()} "
                    + "Make the folder writable, then run the command again.",
                e);
        }
    }

    /// <summary>
    /// Returns whether a folder lists an entry. <see cref="File.Exists(string)"/> would not do: it returns false for a broken link, and
    /// in a folder that may not be searched.
    /// </summary>
    private static bool Contains(string folder, string name) => Directory.EnumerateFileSystemEntries(folder, name).Any();

    private static bool IsLink(string path) => new FileInfo(path).LinkTarget is not null;

    private static SplitFractions ReadFractions(string path)
    {
        using var json = JsonDocument.Parse(HeldFile.ReadAllText(path));
        return SplitFractions.Read(json.RootElement);
    }
}
