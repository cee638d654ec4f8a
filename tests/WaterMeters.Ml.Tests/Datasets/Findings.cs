using WaterMeters.Ml.Datasets.Checks;

namespace WaterMeters.Ml.Tests.Datasets;

/// <summary>The findings of the checks in a data set.</summary>
internal static class Findings
{
    public static FindingList In(string folder)
    {
        var inspector = new DatasetInspector();
        inspector.Inspect(folder, null, TestContext.Current.CancellationToken);
        return inspector.Report().Findings;
    }
}
