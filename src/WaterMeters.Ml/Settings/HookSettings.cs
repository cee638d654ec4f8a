using System.IO.Enumeration;

namespace WaterMeters.Ml.Settings;

/// <summary>The section <c>hook</c> of a wms.yaml: which pushes the pre-push hook judges, and how strictly.</summary>
/// <param name="Protected">Names of the branches that training data must not be pushed to; <c>*</c> stands for any letters.</param>
/// <param name="Refuse">The least severity of a finding that refuses training data.</param>
public sealed record HookSettings(IReadOnlyList<string> Protected, FindingSeverity Refuse)
{
    private const string ProtectedKey = "protected", RefuseKey = "refuse";

    /// <summary>The settings of a project that has none.</summary>
    public static HookSettings Default { get; } = new(["main", "master"], FindingSeverity.Error);

    /// <summary>Reads the section.</summary>
    /// <param name="file">The file, or null for the defaults.</param>
    /// <param name="warn">Called with a warning for each unknown key.</param>
    /// <exception cref="SettingsException">
    /// A value is not valid, or a file that is read strictly has an unknown key; the message names file and key.
    /// </exception>
    public static HookSettings Read(SettingsFile? file, Action<string> warn)
    {
        var settings = Default;
        foreach (var (key, value) in file?.Part("hook") ?? [])
        {
            if (key == ProtectedKey) settings = settings with { Protected = Names(file!, value) };
            else if (key == RefuseKey) settings = settings with { Refuse = Severity(file!, value) };
            else file!.ReportUnknown("hook", key, [ProtectedKey, RefuseKey], warn);
        }

        return settings;
    }

    /// <summary>Returns whether a branch is protected. Upper and lower case are the same, as in a remote in a folder on Windows.</summary>
    public bool Protects(string branch) =>
        Protected.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, branch, ignoreCase: true));

    /// <summary>A list of YAML, or names separated by commas.</summary>
    private static string[] Names(SettingsFile file, string value)
    {
        string[] names = value.Trim().TrimStart('[').TrimEnd(']')
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return names.Length > 0 ? names : throw new SettingsException(
            file.Path, $"hook.{ProtectedKey} in '{file.Path}' names no branch. Write one or several, such as [main, 'release/*'].");
    }

    private static FindingSeverity Severity(SettingsFile file, string value) => value.ToLowerInvariant() switch
    {
        "error" => FindingSeverity.Error,
        "warning" => FindingSeverity.Warning,
        _ => throw new SettingsException(
            file.Path, $"Invalid value '{value}' for hook.{RefuseKey} in '{file.Path}'. Use error or warning."),
    };
}
