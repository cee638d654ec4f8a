using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Reporting.ModelReports;

/// <summary>Renders a report as JSON: every property of the records in snake_case, times in seconds, NaN and infinity as null.</summary>
public static class JsonReport
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = new SnakeCaseNames(),
        Converters = { new JsonStringEnumConverter(), new FiniteNumbers(), new Seconds() },
    };

    /// <summary>Returns the report, with a line feed at the end.</summary>
    public static string Render(ReportContents contents)
    {
        ArgumentNullException.ThrowIfNull(contents);
        var report = new JsonObject
        {
            ["format"] = 1,
            ["module_version"] = ModuleVersion.Text,
            ["written"] = contents.Written.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["comparison"] = contents.Comparison is { } comparison ? Render(comparison) : null,
            ["photos"] = JsonSerializer.SerializeToNode(contents.Photos, Options),
            ["trainings"] = new JsonArray([.. contents.Trainings.Select(Render)]),
        };
        return report.ToJsonString(Options) + "\n";
    }

    private static JsonNode Render(ModelComparison comparison)
    {
        var node = JsonSerializer.SerializeToNode(comparison, Options)!.AsObject();
        string[] flags = comparison.Flags.Split(", ", StringSplitOptions.RemoveEmptyEntries);
        node["flags"] = new JsonArray([.. flags.Select(flag => (JsonNode)flag)]);
        return node;
    }

    private static JsonNode Render(ReportedTraining training)
    {
        var node = training.Result is { } result ? JsonSerializer.SerializeToNode(result, Options)!.AsObject() : new JsonObject();
        node["output_path"] = training.OutputPath;
        node["model_path"] = training.ModelPath;
        node["seed"] = training.Seed;
        node["base_channels"] = training.BaseChannels;
        node["module_version"] = training.ModuleVersion;
        node["best_epoch"] = training.BestEpoch;
        node["finished"] = training.IsFinished;
        node["last_epoch_ended"] = training.LastEpochEnded?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        node["stages"] = training.Stages;
        foreach (string score in new[] { "val_dice", "val_iou", "test_dice", "test_iou", "test_hausdorff" })
        {
            node[score] = training.Score(score);
        }

        // The same scores have the names of metrics.json and epochs.jsonl above.
        foreach (string duplicate in new[] { "validation_dice", "validation_iou" }) node.Remove(duplicate);
        node["epochs_run"] = training.Epochs.Count > 0 ? training.Epochs[^1].Epoch : training.Result?.Epochs;
        node["epochs"] = new JsonArray([.. training.Epochs.Select(Render)]);
        return node;
    }

    private static JsonNode Render(EpochRecord epoch) => JsonSerializer.SerializeToNode(
        new
        {
            epoch.Epoch, epoch.Epochs, epoch.Size, epoch.BatchSize, epoch.LearningRate, epoch.TrainingLoss, epoch.ValidationLoss,
            ValDice = epoch.ValidationDice, ValIoU = epoch.ValidationIoU, epoch.IsBest, epoch.PhotosPerSecond, Seconds = epoch.Duration,
        },
        Options)!;

    /// <summary>Converts to snake_case, with IoU as one word and the unit as the name of a duration.</summary>
    private sealed class SnakeCaseNames : JsonNamingPolicy
    {
        public override string ConvertName(string name) =>
            name == "Duration" ? "seconds" : SnakeCaseLower.ConvertName(name.Replace("IoU", "Iou", StringComparison.Ordinal));
    }

    private sealed class FiniteNumbers : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value)) writer.WriteNumberValue(value);
            else writer.WriteNullValue();
        }
    }

    private sealed class Seconds : JsonConverter<TimeSpan>
    {
        public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            TimeSpan.FromSeconds(reader.GetDouble());

        public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
            writer.WriteNumberValue(value.TotalSeconds);
    }
}
