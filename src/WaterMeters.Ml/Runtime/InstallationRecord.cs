using System.Text.Json;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Runtime;

/// <summary>What an installation says of itself in its folder; a folder without it was filled by someone else.</summary>
/// <param name="Version">Version of libtorch.</param>
/// <param name="Platform">Portable runtime identifier.</param>
/// <param name="Source">Where the files came from.</param>
/// <param name="Sha512">Hash of the package, base64; empty without one.</param>
internal sealed record InstallationRecord(string Version, string Platform, string Source, string Sha512)
{
    /// <summary>The note's file.</summary>
    public const string FileName = "watermeters.json";

    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true };

    /// <summary>The note of a folder; null when there is none or nobody can read it.</summary>
    public static InstallationRecord? Read(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize<InstallationRecord>(File.ReadAllText(Path.Combine(folder, FileName)), Options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes the note.</summary>
    public void Write(string folder) => AtomicFile.WriteText(Path.Combine(folder, FileName), JsonSerializer.Serialize(this, Options));
}
