namespace WaterMeters.Ml.Settings;

/// <summary>Reads the part <c>storage</c> of a project's wms.yaml.</summary>
/// <param name="Remote">Name of the remote of the project's data versions; null if none is set.</param>
public sealed record StorageSettings(string? Remote)
{
    private const string RemoteKey = "remote";

    /// <summary>Returns the settings. Keys are not case-sensitive.</summary>
    /// <param name="file">The file, or null for none.</param>
    /// <param name="warn">Called with a warning for each unknown key.</param>
    /// <exception cref="SettingsException">
    /// A value is empty, or a file that is read strictly has an unknown key; the message names file and key.
    /// </exception>
    public static StorageSettings Read(SettingsFile? file, Action<string> warn) =>
        new(file?.Texts("storage", [RemoteKey], warn).GetValueOrDefault(RemoteKey));
}
