using System.Globalization;
using System.Text.RegularExpressions;

namespace WaterMeters.Ops.Tracking;

/// <summary>What a text such as <c>Production</c>, <c>@champion</c>, <c>v3</c> or <c>models:/NAME/3</c> says about a model.</summary>
/// <param name="Kind">What it names.</param>
/// <param name="Model">Name of the registered model; null if the text has none.</param>
/// <param name="Value">The stage, alias, version number or run identifier; empty for <see cref="ModelReferenceKind.Latest"/>.</param>
/// <param name="Path">For a run: path of the model's folder in its artifacts; empty if the text has none.</param>
public sealed partial record ModelReference(ModelReferenceKind Kind, string? Model, string Value, string Path = "")
{
    /// <summary>Reads a text; null if it is not a reference to a model in a registry.</summary>
    /// <remarks>
    /// Accepted are a stage, an alias with or without <c>@</c>, a version with or without <c>v</c>, <c>runs:/ID</c> or
    /// <c>runs:/ID/PATH</c>, and MLflow's <c>models:/NAME/STAGE</c>, <c>models:/NAME/VERSION</c>, <c>models:/NAME/latest</c> and
    /// <c>models:/NAME@ALIAS</c>. A word that is neither a stage nor a version is an alias.
    /// </remarks>
    public static ModelReference? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (RunAddress().Match(text) is { Success: true } run)
        {
            return new(ModelReferenceKind.Run, null, run.Groups["id"].Value, run.Groups["path"].Value.TrimEnd('/'));
        }

        if (AliasAddress().Match(text) is { Success: true } named)
        {
            return new(ModelReferenceKind.Alias, named.Groups["name"].Value, named.Groups["alias"].Value);
        }

        if (ModelAddress().Match(text) is { Success: true } model)
        {
            string name = model.Groups["name"].Value, value = model.Groups["value"].Value;
            if (value.Equals("latest", StringComparison.OrdinalIgnoreCase)) return new(ModelReferenceKind.Latest, name, "");
            return StageOrVersion(name, value);
        }

        if (StageOrVersion(null, text) is { } found) return found;
        return Alias().Match(text) is { Success: true } alias ? new(ModelReferenceKind.Alias, null, alias.Groups["alias"].Value) : null;
    }

    /// <summary>Returns the text in the form that MLflow reads.</summary>
    /// <param name="defaultModel">Name of the model if the text had none.</param>
    public string Address(string defaultModel) => Kind switch
    {
        ModelReferenceKind.Run => Path.Length == 0 ? $"runs:/{Value}" : $"runs:/{Value}/{Path}",
        ModelReferenceKind.Alias => $"models:/{Model ?? defaultModel}@{Value}",
        ModelReferenceKind.Latest => $"models:/{Model ?? defaultModel}/latest",
        _ => $"models:/{Model ?? defaultModel}/{Value}",
    };

    private static ModelReference? StageOrVersion(string? model, string value)
    {
        if (VersionNumber().Match(value) is { Success: true } version)
        {
            return int.TryParse(version.Groups["number"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                ? new(ModelReferenceKind.Version, model, number.ToString(CultureInfo.InvariantCulture))
                : null;
        }

        return value.Length > 0 && char.IsAsciiLetter(value[0]) && Enum.TryParse<RegistryStage>(value, ignoreCase: true, out var stage)
            ? new(ModelReferenceKind.Stage, model, stage.ToString())
            : null;
    }

    [GeneratedRegex("^runs:/+(?<id>[^/]+)(/(?<path>.*))?$", RegexOptions.CultureInvariant)]
    private static partial Regex RunAddress();

    [GeneratedRegex(@"^models:/+(?<name>[^/@]+)@(?<alias>[\w\-]+)$", RegexOptions.CultureInvariant)]
    private static partial Regex AliasAddress();

    [GeneratedRegex("^models:/+(?<name>[^/@]+)/(?<value>[^/@]+)$", RegexOptions.CultureInvariant)]
    private static partial Regex ModelAddress();

    [GeneratedRegex("^[vV]?(?<number>[0-9]+)$", RegexOptions.CultureInvariant)]
    private static partial Regex VersionNumber();

    [GeneratedRegex(@"^@?(?<alias>[\w\-]+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Alias();
}
