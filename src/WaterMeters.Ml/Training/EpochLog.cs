using System.Text.Json;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Training;

/// <summary>Reads epochs.jsonl, the line an epoch that a run leaves.</summary>
public static class EpochLog
{
    private static readonly JsonSerializerOptions Line = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>The epochs of the run in a folder, as far as they are written; none when there is no such file. A line that is cut off, as a killed run leaves its last one, is passed over.</summary>
    /// <exception cref="TrainingException">The file cannot be read.</exception>
    public static IReadOnlyList<EpochRecord> Read(string runFolder)
    {
        string path = RunFolder.EpochsIn(runFolder);
        try
        {
            // A run that still goes on holds it open.
            using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
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
            throw new TrainingException(runFolder, $"'{path}' cannot be read: {e.Sentence()} Close what uses it, or mend the permissions.", e);
        }
    }

    private static EpochRecord? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<Written>(line, Line) is { Epoch: > 0 } written ? written.Record() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The fields of a line, as <see cref="RunFolder.Append"/> writes them.</summary>
    private sealed record Written(
        int Epoch, int Epochs, int Size, int BatchSize, double LearningRate, double TrainingLoss, double ValidationLoss, double ValDice, double ValIou, bool IsBest, double PhotosPerSecond, double Seconds)
    {
        public EpochRecord Record() => new()
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
