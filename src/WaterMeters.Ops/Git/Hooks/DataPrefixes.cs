using WaterMeters.Ml.Settings;

namespace WaterMeters.Ops.Git.Hooks;

/// <summary>The folders with training data that the hook is told of: it cannot read wms.yaml.</summary>
internal static class DataPrefixes
{
    /// <summary>
    /// Returns the folders relative to the top of the repository, with slashes. A data set elsewhere needs none: the hook knows photos and
    /// masks by the names of their folders too.
    /// </summary>
    /// <param name="top">Absolute path of the top folder of the repository.</param>
    /// <exception cref="SettingsException">The wms.yaml cannot be used.</exception>
    public static IReadOnlyList<string> Read(string top)
    {
        string file = Path.Combine(top, SettingsFile.Name);
        if (!File.Exists(file)) return [];
        if (DatasetSettings.Read(SettingsFile.Read(file, _ => { }), _ => { }).DataPath is not { } data) return [];
        string relative = Path.GetRelativePath(top, data).Replace(Path.DirectorySeparatorChar, '/');
        bool isInside = relative != "." && relative != ".." && !relative.StartsWith("../", StringComparison.Ordinal)
            && !Path.IsPathFullyQualified(relative);
        return isInside ? [relative] : [];
    }
}
