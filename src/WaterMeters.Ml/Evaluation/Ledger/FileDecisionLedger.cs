using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Evaluation.Ledger;

/// <summary>A ledger beside the data set, one small file per decision, so that branches of a repository merge without conflicts.</summary>
/// <param name="dataPath">Folder of the data set.</param>
public sealed class FileDecisionLedger(string dataPath) : IDecisionLedger
{
    private const long MaxBytes = 1 << 20;

    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>Returns the folder of the decisions of a data set.</summary>
    public static string Folder(string dataPath) => SplitFolder.DecisionsPathFor(dataPath);

    /// <summary>Checks that a decision about a data set can be recorded; leaves nothing behind.</summary>
    /// <exception cref="DatasetException">The folder cannot be created or written.</exception>
    public static void EnsureWritable(string dataPath)
    {
        string folder = Folder(dataPath);
        try
        {
            var created = Missing(folder).ToList();
            Directory.CreateDirectory(folder);
            string probe = Path.Combine(folder, $".{Guid.NewGuid():n}.tmp");
            using (new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
            {
            }

            // Another process may have recorded its first decision meanwhile.
            foreach (string empty in created.TakeWhile(f => !Directory.EnumerateFileSystemEntries(f).Any())) Directory.Delete(empty);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Security.SecurityException)
        {
            throw new DatasetException(
                folder, $"Cannot write the decision ledger '{folder}': {e.Sentence()} Check its path and permissions.", e);
        }

        static IEnumerable<string> Missing(string folder)
        {
            for (string? at = folder; at is not null && !Directory.Exists(at); at = Path.GetDirectoryName(at)) yield return at;
        }
    }

    /// <inheritdoc/>
    public LedgerCount Record(LedgerEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        string folder = Path.Combine(Folder(dataPath), entry.Test[..16]);
        byte[] content = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(entry, Format) + "\n");
        string time = entry.Time.ToString("yyyyMMdd'T'HHmmssfff", CultureInfo.InvariantCulture);
        string path = Path.Combine(folder, $"{time}-{FileHash.ComputeBytes(content)[..8]}.json");
        try
        {
            Directory.CreateDirectory(folder);
            var (questions, damaged) = Read(folder, entry.Test);
            AtomicFile.Write(path, stream => stream.Write(content));
            questions.Add(entry.Question);
            return new LedgerCount(questions.Count, path, damaged);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Security.SecurityException)
        {
            throw new DatasetException(
                folder, $"Cannot read or write the decision ledger '{folder}': {e.Sentence()} Check its path and permissions.", e);
        }
    }

    private static (HashSet<string> Questions, List<string> Damaged) Read(string folder, string test)
    {
        var questions = new HashSet<string>(StringComparer.Ordinal);
        var damaged = new List<string>();
        foreach (string file in Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
        {
            try
            {
                using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                if (stream.Length > MaxBytes) throw new JsonException();
                using var json = JsonDocument.Parse(stream);
                string? testOfEntry = json.RootElement.GetProperty("test").GetString();
                string question = json.RootElement.GetProperty("question").GetString() ?? throw new JsonException();
                if (testOfEntry == test) questions.Add(question);
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
            {
                damaged.Add(file);
            }
        }

        return (questions, damaged);
    }
}
