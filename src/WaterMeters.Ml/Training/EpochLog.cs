using System.Text.Json;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Training;

/// <summary>Writes and reads epochs.jsonl, one line of JSON per epoch of a run.</summary>
public sealed class EpochLog : IDisposable
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly StreamWriter writer;

    /// <summary>
    /// Opens the file with these epochs in it, others may read it meanwhile. One that has them already is not written again: someone may
    /// be reading it, such as the recording of the run.
    /// </summary>
    /// <param name="path">The file; it need not exist.</param>
    /// <param name="finished">The epochs so far.</param>
    internal EpochLog(string path, IEnumerable<EpochRecord> finished)
    {
        string text = string.Concat(finished.Select(LineOf));
        var mode = File.Exists(path) && HeldFile.ReadAllText(path) == text ? FileMode.Append : FileMode.Create;
        var file = HeldFile.Retry(path, changes: true, () => new FileStream(path, mode, FileAccess.Write, FileShare.Read));
        writer = new StreamWriter(file) { AutoFlush = true };
        if (mode == FileMode.Create) writer.Write(text);
    }

    /// <summary>
    /// Reads the epochs that the run in a folder has written so far; none when there is no file. Skips truncated lines, such as the last
    /// one of a killed run.
    /// </summary>
    /// <exception cref="TrainingException">The file cannot be read.</exception>
    public static IReadOnlyList<EpochRecord> Read(string runFolder)
    {
        string path = RunFolder.EpochsIn(runFolder);
        try
        {
            // A running training has the file open.
            var sharing = FileShare.ReadWrite | FileShare.Delete;
            using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, sharing));
            var epochs = new List<EpochRecord>();
            while (reader.ReadLine() is { } line)
            {
                if (Parse(line) is { } epoch) epochs.Add(epoch);
            }

            return epochs;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException(
                runFolder, $"Cannot read '{path}': {e.Sentence()} Close programs that use the file, or check its permissions.", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => writer.Dispose();

    /// <summary>Adds an epoch and flushes it.</summary>
    internal void Append(EpochRecord epoch) => writer.Write(LineOf(epoch));

    private static string LineOf(EpochRecord epoch) => JsonSerializer.Serialize(Line.FromRecord(epoch), Json) + "\n";

    private static EpochRecord? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<Line>(line, Json) is { Epoch: > 0 } parsed ? parsed.ToRecord() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The fields of a line. Not the record itself: durations are in seconds, which other languages can read.</summary>
    private sealed record Line(
        int Epoch, int Epochs, int Size, int BatchSize, double LearningRate, double TrainingLoss, double ValidationLoss, double ValDice,
        double ValIou, bool IsBest, double PhotosPerSecond, double Seconds)
    {
        public static Line FromRecord(EpochRecord e) => new(
            e.Epoch, e.Epochs, e.Size, e.BatchSize, e.LearningRate, e.TrainingLoss, e.ValidationLoss, e.ValidationDice,
            e.ValidationIoU, e.IsBest, e.PhotosPerSecond, e.Duration.TotalSeconds);

        public EpochRecord ToRecord() => new()
        {
            Epoch = Epoch,
            Epochs = Epochs,
            Size = Size,
            BatchSize = BatchSize,
            LearningRate = LearningRate,
            TrainingLoss = TrainingLoss,
            ValidationLoss = ValidationLoss,
            ValidationDice = ValDice,
            ValidationIoU = ValIou,
            IsBest = IsBest,
            PhotosPerSecond = PhotosPerSecond,
            Duration = TimeSpan.FromSeconds(double.IsFinite(Seconds) ? Math.Clamp(Seconds, 0, 1e9) : 0),
        };
    }
}
