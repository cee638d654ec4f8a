using System.Globalization;

namespace WaterMeters.Ops.GitHub;

/// <summary>
/// Annotations for the findings of a data set check, so that a finding stands at its file in a pull request. GitHub shows at most 10
/// errors and 10 warnings of a step and drops the rest without a word. So at most that many are written: of each check in turn, the
/// rarest first, and the last one counts what is left out.
/// </summary>
public static class FindingAnnotations
{
    /// <summary>Most annotations of one severity that GitHub shows for a step.</summary>
    public const int MostOfSeverity = 10;

    /// <summary>Returns the lines to print, errors first.</summary>
    /// <param name="findings">The findings.</param>
    /// <param name="relative">
    /// Returns the path of a file relative to the root of the repository, with slashes; null for a file elsewhere.
    /// </param>
    public static IReadOnlyList<string> Lines(IReadOnlyList<DatasetFinding> findings, Func<string, string?> relative)
    {
        ArgumentNullException.ThrowIfNull(findings);
        ArgumentNullException.ThrowIfNull(relative);
        var lines = new List<string>();
        foreach (var (severity, level) in new[] { (FindingSeverity.Error, "error"), (FindingSeverity.Warning, "warning") })
        {
            var found = InTurn(findings.Where(finding => finding.Severity == severity));
            int shown = found.Count > MostOfSeverity ? MostOfSeverity - 1 : found.Count;
            lines.AddRange(found.Take(shown).Select(finding => Line(level, finding, relative)));
            if (shown == found.Count) continue;
            string left = (found.Count - shown).ToString("#,##0", CultureInfo.InvariantCulture);
            lines.Add(WorkflowCommand.Annotation(
                level, null, "Data set check", $"{left} more {level}s. The summary of the step counts them by check."));
        }

        return lines;
    }

    /// <summary>Returns the first finding of each check, the rarest check first, then the second of each, and so on.</summary>
    private static List<DatasetFinding> InTurn(IEnumerable<DatasetFinding> findings) =>
    [
        .. findings.GroupBy(finding => finding.Check, StringComparer.Ordinal).Select(group => group.ToList())
            .OrderBy(group => group.Count).ThenBy(group => group[0].Check, StringComparer.Ordinal)
            .SelectMany((group, check) => group.Select((finding, number) => (finding, number, check)))
            .OrderBy(f => f.number).ThenBy(f => f.check).Select(f => f.finding),
    ];

    private static string Line(string level, DatasetFinding finding, Func<string, string?> relative)
    {
        string? file = relative(finding.Path);
        if (file == ".") file = null; // the data set itself
        string name = finding.Name.Length > 0 ? finding.Name : finding.Path;
        string message = finding.OtherPath is { Length: > 0 } other
            ? $"{finding.Message} The other file: {relative(other) ?? other}."
            : finding.Message;
        return WorkflowCommand.Annotation(level, file, name.Length > 0 ? $"{finding.Check}: {name}" : finding.Check, message);
    }
}
