using WaterMeters.Ml.Datasets.Checks;

namespace WaterMeters.Ml.Tests.Datasets;

/// <summary>The findings of the checks in a data set. Sets of a few pairs have no photo in some part, so that check is off.</summary>
internal static class Findings
{
    /// <summary>The default checks without <see cref="DatasetCheck.PartTooSmall"/>.</summary>
    public static CheckSettings OfFewPairs { get; } = CheckSettings.Default.With(DatasetCheck.PartTooSmall, null);

    public static FindingList In(string folder)
    {
        var inspector = new DatasetInspector(OfFewPairs);
        inspector.Inspect(folder, null, TestContext.Current.CancellationToken);
        return inspector.Report().Findings;
    }
}
