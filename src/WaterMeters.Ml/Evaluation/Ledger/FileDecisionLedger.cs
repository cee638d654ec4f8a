using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using WaterMeters.Ml.Datasets.Splits;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Evaluation.Ledger;

/// <summary>A ledger beside the data set, one small file a decision, so that two branches of a repository never write into the same.</summary>
/// <param name="dataPath">The data set's folder.</param>
public sealed class FileDecisionLedger(string dataPath) : IDecisionLedger
{
    private const long MaxBytes = 1 << 20;

    private static readonly JsonSerializerOptions Shape = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>Where the decisions of a data set lie.</summary>
    public static string Folder(string dataPath) => SplitFolder.DecisionsPathFor(dataPath);

    /// <inheritdoc/>
    public LedgerCount Enter(LedgerEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        string folder = Path.Combine(Folder(dataPath), entry.Test[..16]);
        byte[] content = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(entry, Shape) + "\n");
        string path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{entry.Time:yyyyMMdd'T'HHmmssfff}-{FileHash.ComputeBytes(content)[..8]}.json"));
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
            throw new DatasetException(folder, $"The ledger of decisions '{folder}' cannot be read and written: {e.Sentence()} Mend its folder or its permissions.", e);
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
                string? of = json.RootElement.GetProperty("test").GetString();
                string question = json.RootElement.GetProperty("question").GetString() ?? throw new JsonException();
                if (of == test) questions.Add(question);
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
            {
                damaged.Add(file);
            }
        }

        return (questions, damaged);
    }
}
