namespace WaterMeters.Ml.Datasets.Checks;

/// <summary>Collects what checks find, with the severity from the settings. Findings of checks that are off are dropped.</summary>
/// <param name="settings">The severities.</param>
internal sealed class FindingCollector(CheckSettings settings)
{
    private readonly List<DatasetFinding> findings = [];

    /// <summary>The findings so far.</summary>
    public IReadOnlyList<DatasetFinding> Findings => findings;

    /// <summary>Adds one finding.</summary>
    /// <returns>Whether it is an error.</returns>
    public bool Add(CheckResult result)
    {
        if (settings.Severity(result.Check) is not { } severity) return false;
        findings.Add(new DatasetFinding
        {
            Check = result.Check.ToString(),
            Severity = severity,
            Name = result.Name,
            Path = result.Path,
            OtherPath = result.OtherPath,
            Message = result.Message,
        });
        return severity == FindingSeverity.Error;
    }

    /// <summary>Adds a finding about a folder or a file in it.</summary>
    public void Add(DatasetCheck check, string name, string path, string message) => Add(new CheckResult(check, name, path, message));
}
