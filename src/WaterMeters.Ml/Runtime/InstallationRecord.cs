using System.Text.Json;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Runtime;

/// <summary>
/// The record that Install-WmsRuntime writes into the folder of an installation; a folder without one is not ours to replace.
/// </summary>
/// <param name="Version">Version of libtorch.</param>
/// <param name="Platform">Portable runtime identifier.</param>
/// <param name="Source">Where the files came from.</param>
/// <param name="Sha512">Hash of the package, base64; empty without one.</param>
internal sealed record InstallationRecord(string Version, string Platform, string Source, string Sha512)
{
    /// <summary>The name of the record's file.</summary>
    public const string FileName = "watermeters.json";

    private static readonly JsonSerializerOptions Options =
        new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n" };

    /// <summary>Reads the record of a folder; null when it is missing or unreadable.</summary>
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

    /// <summary>Writes the record.</summary>
    public void Write(string folder) => AtomicFile.WriteText(Path.Combine(folder, FileName), JsonSerializer.Serialize(this, Options));
}
