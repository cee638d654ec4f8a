using WaterMeters.Ml.Datasets.Checks;

namespace WaterMeters.Ml.Reporting.DatasetReports;

/// <summary>The findings of one check with one severity.</summary>
/// <param name="Check">The check.</param>
/// <param name="Severity">Error or warning.</param>
/// <param name="Findings">Its findings, in the order of the report.</param>
internal sealed record FindingGroup(DatasetCheck Check, FindingSeverity Severity, IReadOnlyList<DatasetFinding> Findings)
{
    /// <summary>What the check finds.</summary>
    public string Meaning => CheckDescriptions.Meaning(Check);

    /// <summary>What to do about it.</summary>
    public string Remedy => CheckDescriptions.Remedy(Check);

    /// <summary>Groups the findings of a report: errors first, then by the order of the checks.</summary>
    public static IReadOnlyList<FindingGroup> FromReport(DatasetReport report) =>
    [
        .. from finding in report.Findings
           group finding by (Check: Enum.Parse<DatasetCheck>(finding.Check), finding.Severity) into found
           orderby found.Key.Severity == FindingSeverity.Error descending, found.Key.Check
           select new FindingGroup(found.Key.Check, found.Key.Severity, [.. found]),
    ];
}
