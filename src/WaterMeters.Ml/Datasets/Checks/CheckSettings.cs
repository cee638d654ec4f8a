using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Settings;
using static WaterMeters.FindingSeverity;
using static WaterMeters.Ml.Datasets.Checks.DatasetCheck;

namespace WaterMeters.Ml.Datasets.Checks;

/// <summary>The severity of each check: error, warning, or none when it is off.</summary>
public sealed class CheckSettings
{
    private static readonly DatasetCheck[] Warnings =
    [
        EndMissing, OtherFormat, NameCase, NameForm, OrientationDiffers, SixteenBit, Palette, PhotoDark, PhotoBright,
        PhotoLowInformation, PhotoBlurred,
        PhotoAspectRatio, MaskAlpha, MaskJpeg, MaskCoverage, MaskPieces, MaskHoles, MaskAtBorder, MaskCoverageOutlier, MaskShapeOutlier,
        PhotoDuplicate, PhotoNearDuplicate, SplitDisputed, PartTooSmall, MaskSuspect,
    ];

    /// <summary>Checks that are always errors; otherwise a gate could pass data that was never checked.</summary>
    private static readonly DatasetCheck[] Fixed = [NoDataset, NoPhotos, SplitUnreadable];

    private readonly Dictionary<DatasetCheck, FindingSeverity> severities;

    private CheckSettings(Dictionary<DatasetCheck, FindingSeverity> severities) => this.severities = severities;

    /// <summary>The default severities.</summary>
    public static CheckSettings Default { get; } =
        new(Enum.GetValues<DatasetCheck>().ToDictionary(check => check, check => Warnings.Contains(check) ? Warning : Error));

    /// <summary>Returns the severity of a check; null when it is off.</summary>
    public FindingSeverity? Severity(DatasetCheck check) => severities.TryGetValue(check, out var severity) ? severity : null;

    /// <summary>Returns whether a check is on.</summary>
    public bool IsEnabled(DatasetCheck check) => severities.ContainsKey(check);

    /// <summary>Returns the settings with one check changed.</summary>
    /// <param name="check">The check.</param>
    /// <param name="severity">Its severity; null turns it off.</param>
    public CheckSettings With(DatasetCheck check, FindingSeverity? severity)
    {
        var changed = new Dictionary<DatasetCheck, FindingSeverity>(severities);
        if (severity is { } given) changed[check] = given;
        else changed.Remove(check);
        return new CheckSettings(changed);
    }

    /// <summary>
    /// Reads the section <c>checks</c> of a wms.yaml over the defaults: <c>CHECK-ID: error, warning or off</c>, in any case.
    /// </summary>
    /// <param name="file">The file, or null for the defaults.</param>
    /// <param name="warn">Called for unknown checks, and for checks that stay errors.</param>
    /// <exception cref="SettingsException">
    /// A value is not error, warning or off, or a file that is read strictly has an unknown check; the message names file and check.
    /// </exception>
    public static CheckSettings Read(SettingsFile? file, Action<string> warn)
    {
        var settings = Default;
        if (file is null) return settings;
        foreach (var (id, value) in file.Part("checks"))
        {
            var severity = value.ToLowerInvariant() switch
            {
                "error" => Error,
                "warning" => Warning,
                "off" or "false" => (FindingSeverity?)null, // in YAML 1.1, off is false
                _ => throw new SettingsException(
                    file.Path, $"Invalid value '{value}' for checks.{id} in '{file.Path}'. Use error, warning or off."),
            };
            if (!EnumName.TryParse(id, out DatasetCheck check))
            {
                file.ReportUnknown("checks", id, Enum.GetNames<DatasetCheck>(), warn);
            }
            else if (Fixed.Contains(check) && severity != Error)
            {
                warn($"{file.Path}: The check {check} cannot be changed and stays an error. Remove it from the section checks.");
            }
            else
            {
                settings = settings.With(check, severity);
            }
        }

        return settings;
    }
}
