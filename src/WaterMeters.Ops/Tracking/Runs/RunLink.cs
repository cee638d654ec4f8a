using System.Text.Json;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ops.Tracking.Runs;

/// <summary>
/// The file mlflow.json in the folder of a training: which run of which store it is, so that a resumed training continues it.
/// </summary>
/// <param name="TrackingUri">Address of the store.</param>
/// <param name="RunId">Identifier of the run.</param>
public sealed record RunLink(string TrackingUri, string RunId)
{
    private const string FileName = "mlflow.json";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true,
    };

    /// <summary>Reads it; null when there is none, or it is damaged.</summary>
    public static RunLink? Read(string outputPath)
    {
        try
        {
            return JsonSerializer.Deserialize<RunLink>(File.ReadAllText(Path.Combine(outputPath, FileName)), Json) is
            { TrackingUri: not null, RunId: not null } link ? link : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes it.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public void Write(string outputPath) =>
        AtomicFile.WriteText(Path.Combine(outputPath, FileName), JsonSerializer.Serialize(this, Json) + "\n");
}
