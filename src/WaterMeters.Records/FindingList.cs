using System.Collections.ObjectModel;
using System.Globalization;

namespace WaterMeters;

/// <summary>Findings of a report. As text, their counts, so that a CSV column is readable.</summary>
public sealed class FindingList : ReadOnlyCollection<DatasetFinding>
{
    /// <summary>Creates the list.</summary>
    public FindingList(IList<DatasetFinding> findings) : base(findings)
    {
    }

    /// <summary>Returns the counts, such as <c>2 errors, 240 warnings</c>.</summary>
    public override string ToString()
    {
        int errors = this.Count(f => f.Severity == FindingSeverity.Error);
        return string.Create(CultureInfo.InvariantCulture, $"{Counted(errors, "error")}, {Counted(Count - errors, "warning")}");
    }

    private static string Counted(int count, string word) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {word}{(count == 1 ? "" : "s")}");
}
