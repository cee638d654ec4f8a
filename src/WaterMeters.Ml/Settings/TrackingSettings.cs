namespace WaterMeters.Ml.Settings;

/// <summary>Reads the parts <c>tracking</c> and <c>model</c> of a project's wms.yaml.</summary>
/// <param name="Uri">Address of the tracking store; null if none is set.</param>
/// <param name="Experiment">Name of the experiment; null if none is set.</param>
/// <param name="Model">Name of the registered model; null if none is set.</param>
/// <param name="Folder">Absolute path of the folder of the file, from which a relative address starts; null without a file.</param>
public sealed record TrackingSettings(string? Uri, string? Experiment, string? Model, string? Folder)
{
    private static readonly string[] TrackingKeys = ["uri", "experiment"], ModelKeys = ["name"];

    /// <summary>No settings.</summary>
    public static TrackingSettings None { get; } = new(null, null, null, null);

    /// <summary>Returns the settings. Keys are not case-sensitive.</summary>
    /// <param name="file">The file, or null for none.</param>
    /// <param name="warn">Called with a warning for each unknown key.</param>
    /// <exception cref="SettingsException">
    /// A value is empty, or a file that is read strictly has an unknown key; the message names file and key.
    /// </exception>
    public static TrackingSettings Read(SettingsFile? file, Action<string> warn)
    {
        if (file is null) return None;
        var tracking = file.Texts("tracking", TrackingKeys, warn);
        var model = file.Texts("model", ModelKeys, warn);
        return new TrackingSettings(
            tracking.GetValueOrDefault("uri"), tracking.GetValueOrDefault("experiment"), model.GetValueOrDefault("name"),
            Path.GetDirectoryName(file.Path));
    }
}
