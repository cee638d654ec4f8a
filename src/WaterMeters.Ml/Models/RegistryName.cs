using System.Text.RegularExpressions;

namespace WaterMeters.Ml.Models;

/// <summary>Names of models in a registry: a stage, an alias, a version, a run or MLflow's own <c>models:/NAME/VERSION</c>.</summary>
public static partial class RegistryName
{
    /// <summary>Returns whether a text is such a name. An existing file with this name takes precedence.</summary>
    public static bool Matches(string text) => Pattern.IsMatch(text);

    [GeneratedRegex(
        "^((models|runs):/.*|@.+|v?[0-9]+|champion|challenger|none|staging|production|archived)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern { get; }
}
