using WaterMeters.Ml.Reporting.Markup;

namespace WaterMeters.Ml.Reporting.ModelReports;

/// <summary>Names the trainings of a report by their folders.</summary>
internal static class TrainingNames
{
    private const int MostLetters = 60;

    /// <summary>
    /// Returns a name for each training: the last folders of its path, as many as tell it from the others. Equal paths get equal names.
    /// </summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<ReportedTraining> trainings)
    {
        ArgumentNullException.ThrowIfNull(trainings);
        var paths = trainings.Select(t => t.OutputPath.Split('/', '\\').Where(part => part.Length > 0).ToArray()).ToList();
        int different = paths.Select(path => string.Join('/', path)).Distinct(StringComparer.Ordinal).Count();
        int longest = paths.Select(path => path.Length).DefaultIfEmpty().Max();
        for (int parts = 1; ; parts++)
        {
            var names = paths.Select(path => string.Join('/', path.TakeLast(parts))).ToList();
            if (parts < longest && names.Distinct(StringComparer.Ordinal).Count() < different) continue;
            return [.. names.Select((name, i) => HtmlText.Short(name.Length > 0 ? name : trainings[i].OutputPath, MostLetters))];
        }
    }
}
