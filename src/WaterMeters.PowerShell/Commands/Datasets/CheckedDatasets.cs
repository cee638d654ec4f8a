using System.Runtime.CompilerServices;
using WaterMeters.Ml.Reporting.DatasetReports;

namespace WaterMeters.PowerShell.Commands.Datasets;

/// <summary>
/// The distributions behind each check of this session, as long as its record is alive: a record has only their medians, and a report
/// shows them.
/// </summary>
internal static class CheckedDatasets
{
    private static readonly ConditionalWeakTable<DatasetReport, CheckedDataset> Known = [];

    /// <summary>Stores the check of a record.</summary>
    public static void Keep(DatasetReport report, CheckedDataset dataset) => Known.AddOrUpdate(report, dataset);

    /// <summary>Returns the check of a record; without distributions if it was made in another session.</summary>
    public static CheckedDataset For(DatasetReport report) =>
        Known.TryGetValue(report, out var dataset) ? dataset : CheckedDataset.FromRecord(report);
}
