using System.Text.RegularExpressions;

namespace WaterMeters.Ml.Models;

/// <summary>Names that a registry gives to models: a stage, an alias, a version, a run, MLflow's own <c>models:/NAME/VERSION</c>.</summary>
public static partial class RegistryName
{
    /// <summary>Whether a text is such a name. A file may have the same name; then it is that file.</summary>
    public static bool Matches(string text) => Pattern.IsMatch(text);

    [GeneratedRegex(@"^((models|runs):/.*|@.+|v?[0-9]+|champion|challenger|none|staging|production|archived)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern { get; }
}
