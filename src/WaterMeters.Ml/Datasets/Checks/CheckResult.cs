namespace WaterMeters.Ml.Datasets.Checks;

/// <summary>What a check found, before the settings give it a severity.</summary>
/// <param name="Check">The check.</param>
/// <param name="Name">The name of the pair, or empty for the whole data set.</param>
/// <param name="Path">The file.</param>
/// <param name="Message">What was found, and what to do.</param>
/// <param name="OtherPath">The second file involved, or null.</param>
internal sealed record CheckResult(DatasetCheck Check, string Name, string Path, string Message, string? OtherPath = null);
