using WaterMeters.Ml.Datasets.Checks;

namespace WaterMeters.Ml.Reporting.DatasetReports;

/// <summary>The findings of one check with one severity.</summary>
/// <param name="Check">The check.</param>
/// <param name="Severity">Error or warning.</param>
/// <param name="Findings">Its findings, in the order of the report.</param>
internal sealed record FindingGroup(string Check, FindingSeverity Severity, IReadOnlyList<DatasetFinding> Findings)
{
    /// <summary>What the check finds; empty for a check of another version of the module.</summary>
    public string Meaning => Enum.TryParse(Check, out DatasetCheck known) ? CheckDescriptions.Meaning(known) : "";

    /// <summary>What to do about it.</summary>
    public string Remedy => Enum.TryParse(Check, out DatasetCheck known) ? CheckDescriptions.Remedy(known) : "";

    /// <summary>
    /// Groups the findings of a report: errors first, then the rarest: a check that finds three photos says more than one that finds
    /// them all.
    /// </summary>
    public static IReadOnlyList<FindingGroup> FromReport(DatasetReport report) =>
    [
        .. from finding in report.Findings
           group finding by (finding.Check, finding.Severity) into found
           orderby found.Key.Severity == FindingSeverity.Error descending, found.Count(), Order(found.Key.Check), found.Key.Check
           select new FindingGroup(found.Key.Check, found.Key.Severity, [.. found]),
    ];

    private static int Order(string check) => Enum.TryParse(check, out DatasetCheck known) ? (int)known : int.MaxValue;
}
