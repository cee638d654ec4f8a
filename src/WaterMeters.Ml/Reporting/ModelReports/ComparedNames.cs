namespace WaterMeters.Ml.Reporting.ModelReports;

/// <summary>What a report calls the baseline of a comparison: only the file models/production.* is in production.</summary>
internal static class ComparedNames
{
    /// <summary>Returns "Production" or "Baseline", for a heading. Without a baseline, production is what was missing.</summary>
    public static string Baseline(string? file)
    {
        if (file is null) return "Production";
        string name = file[(file.LastIndexOfAny(['/', '\\']) + 1)..];
        return name.StartsWith("production.", StringComparison.OrdinalIgnoreCase) ? "Production" : "Baseline";
    }

    /// <summary>Returns the same for the middle of a sentence.</summary>
    public static string InSentence(string? file) => Baseline(file).ToLowerInvariant();
}
