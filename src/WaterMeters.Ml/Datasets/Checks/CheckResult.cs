namespace WaterMeters.Ml.Datasets.Checks;

/// <summary>What a check found, before its settings say how much that weighs.</summary>
/// <param name="Check">The check.</param>
/// <param name="Name">The sample it is about, or empty for the whole set.</param>
/// <param name="Path">The file.</param>
/// <param name="Message">What was found, and what to do.</param>
/// <param name="OtherPath">The other file it is about, or null.</param>
internal sealed record CheckResult(DatasetCheck Check, string Name, string Path, string Message, string? OtherPath = null);
