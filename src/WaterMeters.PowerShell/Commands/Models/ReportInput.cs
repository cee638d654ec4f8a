using System.Globalization;
using System.Management.Automation;

namespace WaterMeters.PowerShell.Commands.Models;

/// <summary>The records that Export-WmsReport received: trainings, one comparison, and photos of it.</summary>
internal sealed class ReportInput
{
    /// <summary>The trainings, in order of input.</summary>
    public List<TrainingResult> Trainings { get; } = [];

    /// <summary>The photos, in order of input.</summary>
    public List<ImageComparison> Photos { get; } = [];

    /// <summary>The comparison; null if there was none.</summary>
    public ModelComparison? Comparison { get; private set; }

    /// <summary>Adds a record.</summary>
    /// <returns>Why it cannot be reported on; null if it was added.</returns>
    public string? Add(object? record)
    {
        var wrapped = record is null ? null : PSObject.AsPSObject(record);
        switch (wrapped?.BaseObject)
        {
            case TrainingResult training:
                Trainings.Add(training);
                return null;
            case ModelComparison other when Comparison is null || ReferenceEquals(Comparison, other):
                Comparison = other;
                return null;
            case ModelComparison:
                return "A report is about one comparison, and the input has two. Write a report of each.";
            case ImageComparison photo:
                Photos.Add(photo);
                return null;
            case PSCustomObject when Deserialized(wrapped) is { } original:
                return Add(original);
            case null:
                // A failed training or comparison returns nothing; a report without it would look as if it had never been tried.
                return "The input has an empty record, as after a failed training or comparison. "
                    + "Check the errors above, and pipe in only results.";
            default:
                return $"Cannot report on a {wrapped.BaseObject.GetType().Name}. "
                    + "Pipe in the output of Start-WmsTraining or Compare-WmsModel, or name a run's folder with -RunPath.";
        }
    }

    /// <summary>Returns the photos of a comparison, each once, by name.</summary>
    public IReadOnlyList<ImageComparison> PhotosOf(ModelComparison comparison) =>
    [
        .. Photos.Where(photo => photo.Candidate == comparison.Candidate && photo.Baseline == comparison.Baseline)
            .DistinctBy(photo => photo.ImagePath).OrderBy(photo => photo.Name, StringComparer.Ordinal),
    ];

    /// <summary>Converts a record from a job or an Export-Clixml file back to its type; null if it is of another type.</summary>
    private static object? Deserialized(PSObject record)
    {
        var type = record.TypeNames.Select(name => name switch
        {
            "Deserialized.WaterMeters.TrainingResult" => typeof(TrainingResult),
            "Deserialized.WaterMeters.ModelComparison" => typeof(ModelComparison),
            "Deserialized.WaterMeters.ImageComparison" => typeof(ImageComparison),
            _ => null,
        }).FirstOrDefault(t => t is not null);
        return type is not null && LanguagePrimitives.TryConvertTo(record, type, CultureInfo.InvariantCulture, out object original)
            ? original
            : null;
    }
}
