using System.Text.Json;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Datasets.Splits;

/// <summary>
/// What is stored beside a data set of the places of its photos: the fractions, and the photos that are not where their hash puts them.
/// Each exception has a file of its own that is never changed, so branches of a repository that add photos do not meet in one line.
/// </summary>
public sealed class SplitStore
{
    private SplitStore(SplitFractions? fractions, IReadOnlyList<SplitOverride> exceptions) => (Fractions, Exceptions) = (fractions, exceptions);

    /// <summary>A data set of which nothing is stored.</summary>
    public static SplitStore Empty { get; } = new(null, []);

    /// <summary>The fractions; null where none are stored.</summary>
    public SplitFractions? Fractions { get; }

    /// <summary>The exceptions, by their file names.</summary>
    public IReadOnlyList<SplitOverride> Exceptions { get; }

    /// <summary>Reads what is stored beside a data set; nothing where there is no folder.</summary>
    /// <exception cref="DatasetException">A file cannot be read, or is damaged: a photo whose place is not known must not slip into another part.</exception>
    public static SplitStore Read(string dataPath)
    {
        string folder = SplitFolder.PathFor(dataPath), path = folder;
        try
        {
            if (!Directory.Exists(folder) && !IsLink(folder) && !File.Exists(folder)) return Empty;
            path = Path.Combine(folder, SplitFolder.FractionsFile);
            var fractions = Holds(folder, SplitFolder.FractionsFile) ? ReadFractions(path) : null;
            path = Path.Combine(folder, SplitFolder.ExceptionsFolder);
            var exceptions = new List<SplitOverride>();
            if (Holds(folder, SplitFolder.ExceptionsFolder))
            {
                foreach (string file in Directory.GetFiles(path, "*.json", SearchOption.AllDirectories).Where(f => !Path.GetFileName(f).StartsWith('.')).Order(StringComparer.Ordinal))
                {
                    path = file;
                    exceptions.Add(SplitOverride.Parse(File.ReadAllText(file)));
                }
            }

            return new SplitStore(fractions, exceptions);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException(path, $"The split of '{dataPath}' cannot be read from '{path}': {e.Sentence()} Mend that first: without it photos would change their part.", e);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or KeyNotFoundException or SettingsException)
        {
            throw new DatasetException(path, $"'{path}' is damaged: {e.Sentence()} Restore it from the repository or a copy; without it photos would change their part.", e);
        }
    }

    /// <summary>What would be stored with these fractions, and these exceptions too.</summary>
    internal SplitStore With(SplitFractions? fractions, IEnumerable<SplitOverride> exceptions) => new(fractions, [.. Exceptions.Concat(exceptions).Distinct().OrderBy(e => e.FileName, StringComparer.Ordinal)]);

    /// <summary>The same with more exceptions, which are not stored yet.</summary>
    internal SplitStore With(IEnumerable<SplitOverride> exceptions) => With(Fractions, exceptions);

    /// <summary>Stores fractions; photos whose hash they put elsewhere move.</summary>
    /// <exception cref="DatasetException">They cannot be written.</exception>
    public static void Write(string dataPath, SplitFractions fractions) => Write(Path.Combine(SplitFolder.PathFor(dataPath), SplitFolder.FractionsFile), fractions.Text);

    /// <summary>Stores exceptions; what is there already stays as it is.</summary>
    /// <exception cref="DatasetException">One cannot be written; those before it are stored.</exception>
    public static void Add(string dataPath, IEnumerable<SplitOverride> exceptions)
    {
        foreach (var exception in exceptions)
        {
            string path = Path.Combine(SplitFolder.PathFor(dataPath), SplitFolder.ExceptionsFolder, exception.FileName);
            if (!File.Exists(path)) Write(path, exception.Text);
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
            throw new DatasetException(path, $"The place of a photo cannot be written to '{path}': {e.Sentence()} Make the folder writable and run it again.", e);
        }
    }

    /// <summary>Listed, not asked for: of a link that leads nowhere, or in a folder that may not be searched, the system says that nothing is there.</summary>
    private static bool Holds(string folder, string name) => Directory.EnumerateFileSystemEntries(folder, name).Any();

    private static bool IsLink(string path) => new FileInfo(path).LinkTarget is not null;

    private static SplitFractions ReadFractions(string path)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(path));
        return SplitFractions.Read(json.RootElement);
    }
}
