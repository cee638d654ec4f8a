namespace WaterMeters.Ml.Datasets.Checks;

/// <summary>Gathers what checks find, with the weight that the settings give it; what is off is dropped.</summary>
/// <param name="settings">The weights.</param>
internal sealed class FindingCollector(CheckSettings settings)
{
    private readonly List<DatasetFinding> findings = [];

    /// <summary>What was found so far.</summary>
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

    /// <summary>Adds a finding about a file of a folder, or about the folder.</summary>
    public void Add(DatasetCheck check, string name, string path, string message) => Add(new CheckResult(check, name, path, message));
}
