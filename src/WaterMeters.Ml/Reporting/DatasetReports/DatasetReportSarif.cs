using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using WaterMeters.Ml.Datasets.Checks;
using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Reporting.Markup;

namespace WaterMeters.Ml.Reporting.DatasetReports;

/// <summary>
/// Writes the report of a data set check as SARIF 2.1.0 (OASIS), which code scanning of GitHub, GitLab and Azure DevOps reads: a rule for
/// each check, a result for each finding, with the path of its file in the repository.
/// </summary>
internal static class DatasetReportSarif
{
    private const string Schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
    private const string Project = "https://github.com/watermeters/watermeters"; // as in the manifest
    private const string Root = "%SRCROOT%"; // the name that readers know
    private const int MostPending = 64 << 10;

    private static readonly JsonWriterOptions Options =
        new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Streams the report, one finding at a time.</summary>
    public static void Write(DatasetReport report, ReportRoot root, DateTimeOffset written, Stream stream, CancellationToken cancellation)
    {
        string[] rules = Rules(report);
        using (var json = new Utf8JsonWriter(stream, Options))
        {
            json.WriteStartObject();
            json.WriteString("$schema", Schema);
            json.WriteString("version", "2.1.0");
            json.WriteStartArray("runs");
            json.WriteStartObject();
            Tool(json, rules);
            json.WriteStartArray("invocations");
            json.WriteStartObject();
            json.WriteBoolean("executionSuccessful", true);
            json.WriteString("endTimeUtc", written.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", null));
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteStartObject("originalUriBaseIds");
            json.WriteStartObject(Root);
            json.WriteString("uri", root.BaseUri());
            json.WriteStartObject("description");
            json.WriteString("text", "The root of the repository, or the data set where there is none.");
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteString("columnKind", "utf16CodeUnits");
            json.WriteStartArray("results");
            foreach (var finding in report.Findings)
            {
                cancellation.ThrowIfCancellationRequested();
                Result(json, finding, Array.IndexOf(rules, finding.Check), root);
                if (json.BytesPending > MostPending) json.Flush();
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        stream.Write("\n"u8);
    }

    /// <summary>Returns the identifiers of all checks, and last those of findings that this version does not know.</summary>
    private static string[] Rules(DatasetReport report)
    {
        string[] known = Enum.GetNames<DatasetCheck>();
        return [.. known.Union(report.Findings.Select(finding => finding.Check), StringComparer.Ordinal)];
    }

    private static void Tool(Utf8JsonWriter json, string[] rules)
    {
        json.WriteStartObject("tool");
        json.WriteStartObject("driver");
        json.WriteString("name", "WaterMeters");
        json.WriteString("version", ModuleVersion.Text);
        json.WriteString("informationUri", Project);
        json.WriteStartArray("rules");
        foreach (string rule in rules)
        {
            json.WriteStartObject();
            json.WriteString("id", rule);
            if (Enum.TryParse(rule, out DatasetCheck check))
            {
                string meaning = CheckDescriptions.Meaning(check), remedy = CheckDescriptions.Remedy(check);
                Text(json, "shortDescription", meaning);
                Text(json, "fullDescription", $"{meaning} {remedy}");
                json.WriteStartObject("help");
                json.WriteString("text", remedy);
                json.WriteString("markdown", $"{MarkdownText.Encode(meaning)}\n\n**What to do:** {MarkdownText.Encode(remedy)}");
                json.WriteEndObject();
                json.WriteStartObject("defaultConfiguration");
                json.WriteString("level", Level(CheckSettings.Default.Severity(check) ?? FindingSeverity.Warning));
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Result(Utf8JsonWriter json, DatasetFinding finding, int rule, ReportRoot root)
    {
        json.WriteStartObject();
        json.WriteString("ruleId", finding.Check);
        json.WriteNumber("ruleIndex", rule);
        json.WriteString("level", Level(finding.Severity));
        Text(json, "message", finding.Message);
        if (finding.Path.Length > 0)
        {
            json.WriteStartArray("locations");
            Location(json, finding.Path, root);
            json.WriteEndArray();
        }

        if (finding.OtherPath is { Length: > 0 } other)
        {
            json.WriteStartArray("relatedLocations");
            Location(json, other, root, id: 0);
            json.WriteEndArray();
        }

        // The same finding of the next check has the same value, so that an alert stays the same alert.
        string identity = $"{finding.Check}|{Place(finding.Path, root)}|{Place(finding.OtherPath, root)}";
        json.WriteStartObject("partialFingerprints");
        json.WriteString(
            "primaryLocationLineHash", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)))[..16] + ":1");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string Place(string? path, ReportRoot root) => path is { Length: > 0 } ? root.Uri(path) : "";

    private static void Location(Utf8JsonWriter json, string path, ReportRoot root, int? id = null)
    {
        json.WriteStartObject();
        if (id is { } number) json.WriteNumber("id", number);
        json.WriteStartObject("physicalLocation");
        json.WriteStartObject("artifactLocation");
        json.WriteString("uri", root.Uri(path));
        if (root.Relative(path) is not null) json.WriteString("uriBaseId", Root);
        json.WriteEndObject();

        // A photo has no lines, but code scanning shows no result without one.
        json.WriteStartObject("region");
        json.WriteNumber("startLine", 1);
        json.WriteEndObject();
        json.WriteEndObject();
        if (id is not null) Text(json, "message", "The other file of the finding.");
        json.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter json, string name, string text)
    {
        json.WriteStartObject(name);
        json.WriteString("text", text);
        json.WriteEndObject();
    }

    private static string Level(FindingSeverity severity) => severity == FindingSeverity.Error ? "error" : "warning";
}
