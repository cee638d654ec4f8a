using WaterMeters.Ml.Datasets.Checks;

namespace WaterMeters.Ml.Reporting.DatasetReports;

/// <summary>The findings of one check.</summary>
/// <param name="Check">The check.</param>
/// <param name="Severity">What it weighs.</param>
/// <param name="Findings">What it found, in the order of the report.</param>
internal sealed record FindingGroup(DatasetCheck Check, FindingSeverity Severity, IReadOnlyList<DatasetFinding> Findings)
{
    /// <summary>What the check finds.</summary>
    public string Meaning => CheckDescriptions.Meaning(Check);

    /// <summary>What to do about it.</summary>
    public string Remedy => CheckDescriptions.Remedy(Check);

    /// <summary>The findings of a report check by check: the errors first, each kind in the order of the checks.</summary>
    public static IReadOnlyList<FindingGroup> FromReport(DatasetReport report) =>
    [
        .. from finding in report.Findings
           group finding by (Check: Enum.Parse<DatasetCheck>(finding.Check), finding.Severity) into found
           orderby found.Key.Severity == FindingSeverity.Error descending, found.Key.Check
           select new FindingGroup(found.Key.Check, found.Key.Severity, [.. found]),
    ];
}
