using System.Text.Encodings.Web;
using System.Text.Json;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Reporting.PredictionReports;

/// <summary>Writes predictions as JSON for programs: the counts, and each photo with its doubts, the most doubtful first.</summary>
internal static class PredictionJson
{
    private const int MostPending = 64 << 10;

    private static readonly JsonWriterOptions Options =
        new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Streams the report, one photo at a time.</summary>
    public static void Write(PredictionSummary summary, DateTimeOffset written, Stream stream, CancellationToken cancellation)
    {
        using (var json = new Utf8JsonWriter(stream, Options))
        {
            json.WriteStartObject();
            json.WriteNumber("format", 1);
            json.WriteString("module_version", ModuleVersion.Text);
            json.WriteString("written", written.UtcDateTime);
            json.WriteNumber("photos", summary.All.Count);
            json.WriteNumber("found", summary.Found);
            json.WriteNumber("doubtful", summary.Doubtful);
            foreach (var doubt in Enum.GetValues<PredictionDoubt>()) json.WriteNumber(PredictionDoubts.Key(doubt), summary.Count(doubt));
            Number(json, "mean_confidence", summary.MeanConfidence);
            json.WriteNumber("confidence_limit", PredictionDoubts.LeastConfidence);
            json.WriteStartArray("predictions");
            foreach (var (prediction, doubts) in summary.All)
            {
                cancellation.ThrowIfCancellationRequested();
                Photo(json, prediction, doubts);
                if (json.BytesPending > MostPending) json.Flush();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        stream.Write("\n"u8);
    }

    private static void Photo(Utf8JsonWriter json, Prediction p, IReadOnlyList<PredictionDoubt> doubts)
    {
        bool isFound = p.Regions > 0;
        json.WriteStartObject();
        json.WriteString("image_path", p.ImagePath);
        json.WriteString("mask_path", p.MaskPath);
        json.WriteNumber("width", p.Width);
        json.WriteNumber("height", p.Height);
        json.WriteNumber("regions", p.Regions);
        Number(json, "confidence", isFound ? p.Confidence : null);
        Number(json, "coverage", p.Coverage);
        Number(json, "x", isFound ? p.X : null);
        Number(json, "y", isFound ? p.Y : null);
        Number(json, "box_width", isFound ? p.BoxWidth : null);
        Number(json, "box_height", isFound ? p.BoxHeight : null);
        Number(json, "angle", isFound ? p.Angle : null);
        json.WriteString("model", p.Model);
        json.WriteString("model_path", p.ModelPath);
        json.WriteStartArray("doubts");
        foreach (var doubt in doubts) json.WriteStringValue(PredictionDoubts.Key(doubt));
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Number(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number)) json.WriteNumber(name, number);
        else json.WriteNull(name);
    }
}
