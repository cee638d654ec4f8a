using WaterMeters.Ml.Settings;

namespace WaterMeters.Ml.Training;

/// <summary>Reads the part <c>training</c> of a project's wms.yaml.</summary>
/// <param name="ConfigPath">Absolute path of the train.yaml to use; null for the module's recipe.</param>
/// <param name="OutputPath">Absolute path of the folder that new runs are created in; null for <c>runs</c>.</param>
public sealed record TrainingSettings(string? ConfigPath, string? OutputPath)
{
    private static readonly string[] Keys = ["config", "output"];

    /// <summary>Returns the settings; relative paths start at the folder of the file. Keys are not case-sensitive.</summary>
    /// <param name="file">The file, or null for none.</param>
    /// <param name="warn">Called with a warning for each unknown key.</param>
    /// <exception cref="SettingsException">
    /// A path is empty or invalid, or a file that is read strictly has an unknown key; the message names file and key.
    /// </exception>
    public static TrainingSettings Read(SettingsFile? file, Action<string> warn)
    {
        string? config = null, output = null;
        foreach (var (key, value) in file?.Part("training") ?? [])
        {
            switch (Array.Find(Keys, k => k.Equals(key, StringComparison.OrdinalIgnoreCase)))
            {
                case "config": config = Resolve(file!, key, value); break;
                case "output": output = Resolve(file!, key, value); break;
                default: file!.ReportUnknown("training", key, Keys, warn); break;
            }
        }

        return new TrainingSettings(config, output);
    }

    private static string Resolve(SettingsFile file, string key, string value)
    {
        if (value.Length > 0 && !value.Contains('\0', StringComparison.Ordinal))
        {
            return Path.GetFullPath(value, Path.GetDirectoryName(file.Path)!);
        }

        throw new SettingsException(file.Path, $"Invalid value '{value}' for training.{key} in '{file.Path}'. Use a path, or remove it.");
    }
}
