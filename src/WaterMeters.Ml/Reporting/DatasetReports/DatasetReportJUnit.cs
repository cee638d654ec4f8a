using System.Globalization;
using System.Text;
using System.Xml;
using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Reporting.Markup;

namespace WaterMeters.Ml.Reporting.DatasetReports;

/// <summary>
/// Writes the report of a data set check as JUnit XML, which most CI systems show as test results. Each check is a test suite. A check
/// without findings has one test, which passes. Otherwise each finding is a test named by its file, so that a system which compares two
/// runs shows which files are new: an error fails, a warning is skipped with its message, because JUnit has no warnings.
/// </summary>
internal static class DatasetReportJUnit
{
    private static readonly XmlWriterSettings Settings =
        new() { Encoding = new UTF8Encoding(false), Indent = true, NewLineChars = "\n", CloseOutput = false };

    /// <summary>Streams the report.</summary>
    public static void Write(DatasetReport report, ReportRoot root, DateTimeOffset written, Stream stream, CancellationToken cancellation)
    {
        var findings = report.Findings.ToLookup(finding => finding.Check, StringComparer.Ordinal);
        string[] checks = [.. Checks(report)];
        using (var xml = XmlWriter.Create(stream, Settings))
        {
            xml.WriteStartDocument();
            xml.WriteStartElement("testsuites");
            Attribute(xml, "name", "Data set check");
            Counts(xml, checks.Sum(check => Math.Max(1, findings[check].Count())), report.Findings);
            Attribute(xml, "time", report.Duration.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture));
            foreach (string check in checks)
            {
                xml.WriteStartElement("testsuite");
                Attribute(xml, "name", check);
                var found = findings[check].ToList();
                Counts(xml, Math.Max(1, found.Count), found);
                Attribute(xml, "time", "0");
                Attribute(xml, "timestamp", written.UtcDateTime.ToString("s", CultureInfo.InvariantCulture));
                if (found.Count == 0) Passed(xml, check);
                foreach (var finding in found)
                {
                    cancellation.ThrowIfCancellationRequested();
                    Found(xml, finding, root);
                }

                xml.WriteEndElement();
            }

            xml.WriteEndElement();
            xml.WriteEndDocument();
        }

        stream.Write("\n"u8);
    }

    /// <summary>Returns the checks in their order, and last those of findings that this version does not know.</summary>
    private static IEnumerable<string> Checks(DatasetReport report)
    {
        // It passes only where a model was used, which a report does not say.
        string[] known = [.. Enum.GetNames<DatasetCheck>().Where(check => check != nameof(DatasetCheck.MaskSuspect))];
        return known.Concat(report.Findings.Select(finding => finding.Check)).Distinct(StringComparer.Ordinal);
    }

    private static void Counts(XmlWriter xml, int tests, IReadOnlyCollection<DatasetFinding> findings)
    {
        int failures = findings.Count(finding => finding.Severity == FindingSeverity.Error);
        Attribute(xml, "tests", tests.ToString(CultureInfo.InvariantCulture));
        Attribute(xml, "failures", failures.ToString(CultureInfo.InvariantCulture));
        Attribute(xml, "errors", "0");
        Attribute(xml, "skipped", (findings.Count - failures).ToString(CultureInfo.InvariantCulture));
    }

    private static void Passed(XmlWriter xml, string check)
    {
        xml.WriteStartElement("testcase");
        Attribute(xml, "classname", "WaterMeters." + check);
        Attribute(xml, "name", "no findings");
        Attribute(xml, "time", "0");
        xml.WriteEndElement();
    }

    private static void Found(XmlWriter xml, DatasetFinding finding, ReportRoot root)
    {
        string? place = root.Relative(finding.Path);
        bool isError = finding.Severity == FindingSeverity.Error;
        xml.WriteStartElement("testcase");
        Attribute(xml, "classname", "WaterMeters." + finding.Check);
        Attribute(xml, "name", place is null or "." ? (finding.Path.Length > 0 ? finding.Path : "the data set") : place);
        Attribute(xml, "time", "0");
        if (place is not (null or ".")) Attribute(xml, "file", place);
        xml.WriteStartElement(isError ? "failure" : "skipped");
        Attribute(xml, "message", finding.Message);
        if (isError) Attribute(xml, "type", finding.Check);
        xml.WriteString(HtmlText.Sanitize(Details(finding)));
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static string Details(DatasetFinding finding)
    {
        var text = new StringBuilder(finding.Message).Append('\n').Append(finding.Path);
        if (finding.OtherPath is { Length: > 0 } other) text.Append("\nand ").Append(other);
        if (Enum.TryParse(finding.Check, out DatasetCheck check))
        {
            text.Append('\n').Append(CheckDescriptions.Meaning(check)).Append(' ').Append(CheckDescriptions.Remedy(check));
        }

        return text.ToString();
    }

    // Control characters, which file names may have, are not allowed in XML.
    private static void Attribute(XmlWriter xml, string name, string value) => xml.WriteAttributeString(name, HtmlText.Sanitize(value));
}
