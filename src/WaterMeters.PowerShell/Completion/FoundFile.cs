namespace WaterMeters.PowerShell.Completion;

/// <summary>A file of a scan.</summary>
/// <param name="Name">Its name, without folder.</param>
/// <param name="Written">When it was last written.</param>
internal sealed record FoundFile(string Name, DateTimeOffset Written);
