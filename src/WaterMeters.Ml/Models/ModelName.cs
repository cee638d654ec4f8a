using System.Collections.Concurrent;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Models;

/// <summary>
/// The name of a model for display and for the files made from it: that of its file or, as every run calls its file <c>model</c>, that of
/// the run's folder; that of a registered version is its model's name and its number.
/// </summary>
public static class ModelName
{
    private const string Generic = "model", AttemptPrefix = "attempt-";

    // The path of a registered model is made of identifiers, in the folders of a store or of a cache.
    private static readonly ConcurrentDictionary<string, string> Registered = new(SystemPaths.Comparer);

    /// <summary>States under which name a registry knows the model in a file, for the rest of the process.</summary>
    public static void Register(string path, string name) => Registered[path] = name;

    /// <summary>
    /// Returns the name: <c>production</c> for models/production.safetensors, <c>first</c> for runs/first/model.safetensors,
    /// <c>three-attempt-2</c> for runs/three/attempt-2/model.safetensors.
    /// </summary>
    public static string For(string path)
    {
        if (Registered.TryGetValue(path, out string? registered)) return registered;
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
