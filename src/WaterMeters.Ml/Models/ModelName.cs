namespace WaterMeters.Ml.Models;

/// <summary>
/// The name of a model for display and for the files made from it: that of its file or, as every run calls its file <c>model</c>, that of
/// the run's folder.
/// </summary>
public static class ModelName
{
    private const string Generic = "model", AttemptPrefix = "attempt-";

    /// <summary>
    /// Returns the name: <c>production</c> for models/production.safetensors, <c>first</c> for runs/first/model.safetensors,
    /// <c>three-attempt-2</c> for runs/three/attempt-2/model.safetensors.
    /// </summary>
    public static string For(string path)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        for (string? folder = Path.GetDirectoryName(path); IsGeneric(name); folder = Path.GetDirectoryName(folder))
        {
            string outer = Path.GetFileName(folder) ?? "";
            if (outer.Length == 0) return name;
            name = outer;
            string run = Path.GetFileName(Path.GetDirectoryName(folder)) ?? "";
            if (name.StartsWith(AttemptPrefix, StringComparison.Ordinal) && run.Length > 0) return $"{run}-{name}";
        }

        return name;
    }

    private static bool IsGeneric(string name) => name.Equals(Generic, StringComparison.OrdinalIgnoreCase);
}
