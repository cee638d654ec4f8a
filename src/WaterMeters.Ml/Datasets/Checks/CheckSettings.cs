using WaterMeters.Ml.Settings;
using static WaterMeters.FindingSeverity;
using static WaterMeters.Ml.Datasets.Checks.DatasetCheck;

namespace WaterMeters.Ml.Datasets.Checks;

/// <summary>How much each check weighs: an error, a warning, or nothing when it is off.</summary>
public sealed class CheckSettings
{
    private static readonly DatasetCheck[] Warnings =
    [
        NameCase, OrientationDiffers, SixteenBit, Palette, PhotoDark, PhotoBright, PhotoLowInformation, PhotoBlurred, PhotoAspectRatio,
        MaskAlpha, MaskJpeg, MaskCoverage, MaskPieces, MaskHoles, MaskAtBorder, MaskCoverageOutlier, MaskShapeOutlier, PhotoDuplicate, PhotoNearDuplicate,
        SplitDisputed, MaskSuspect,
    ];

    /// <summary>Where nothing was looked over nothing is known: these stay errors, or a gate would pass what is not there.</summary>
    private static readonly DatasetCheck[] Fixed = [NoDataset, NoPhotos, SplitUnreadable];

    private readonly Dictionary<DatasetCheck, FindingSeverity> severities;

    private CheckSettings(Dictionary<DatasetCheck, FindingSeverity> severities) => this.severities = severities;

    /// <summary>What holds where nobody says otherwise.</summary>
    public static CheckSettings Default { get; } = new(Enum.GetValues<DatasetCheck>().ToDictionary(check => check, check => Warnings.Contains(check) ? Warning : Error));

    /// <summary>How much a check weighs; null when it is off.</summary>
    public FindingSeverity? Severity(DatasetCheck check) => severities.TryGetValue(check, out var severity) ? severity : null;

    /// <summary>Whether a check is not off.</summary>
    public bool IsWanted(DatasetCheck check) => severities.ContainsKey(check);

    /// <summary>The same with one check changed.</summary>
    /// <param name="check">The check.</param>
    /// <param name="severity">What it weighs, null for nothing.</param>
    public CheckSettings With(DatasetCheck check, FindingSeverity? severity)
    {
        var changed = new Dictionary<DatasetCheck, FindingSeverity>(severities);
        if (severity is { } given) changed[check] = given;
        else changed.Remove(check);
        return new CheckSettings(changed);
    }

    /// <summary>The defaults with what the part <c>checks</c> of a wms.yaml says: <c>CHECK-ID: error, warning or off</c>, in any case.</summary>
    /// <param name="file">The file, or null for the defaults.</param>
    /// <param name="warn">Hears of checks that nobody knows, and of those that stay errors.</param>
    /// <exception cref="SettingsException">A value is none of the three; the message names file and check.</exception>
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
                "off" or "false" => (FindingSeverity?)null, // some readers of YAML take off for false, and so do people
                _ => throw new SettingsException(file.Path, $"'{file.Path}' says checks.{id}: {value}; a check is error, warning or off."),
            };
            if (!Enum.TryParse(id, ignoreCase: true, out DatasetCheck check) || !Enum.IsDefined(check) || char.IsAsciiDigit(id[0]))
            {
                warn($"{file.Path}: nobody knows the check '{id}'; it changes nothing. about_WaterMeters_Datasets lists the checks.");
            }
            else if (Fixed.Contains(check) && severity != Error)
            {
                warn($"{file.Path}: {check} stays an error, for where nothing was checked nothing is sound.");
            }
            else
            {
                settings = settings.With(check, severity);
            }
        }

        return settings;
    }
}
