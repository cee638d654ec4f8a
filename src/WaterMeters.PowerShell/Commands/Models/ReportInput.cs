using System.Management.Automation;
using WaterMeters.Ml.Reporting.DatasetReports;
using WaterMeters.PowerShell.Commands.Datasets;

namespace WaterMeters.PowerShell.Commands.Models;

/// <summary>
/// What Export-WmsReport received: trainings, one comparison and photos of it; or predictions; or one check of a data set. Each may be a
/// record of this session, a record from a job or a file, a row of a CSV file of records, or the path of a folder or file.
/// </summary>
/// <param name="resolve">Returns the absolute path of a file or folder.</param>
/// <param name="readCsv">Reads the rows of a CSV file.</param>
internal sealed class ReportInput(Func<string, string> resolve, Func<string, IEnumerable<PSObject>> readCsv)
{
    private const string Accepted =
        "Pipe in the output of Start-WmsTraining, Compare-WmsModel, Invoke-WmsPrediction or Test-WmsDataset, a run's folder, a CSV file "
        + "of predictions, or a report.json of Test-WmsDataset.";

    /// <summary>The trainings, in order of input.</summary>
    public List<TrainingResult> Trainings { get; } = [];

    /// <summary>Folders of runs that were given without their records, in order of input.</summary>
    public List<string> Runs { get; } = [];

    /// <summary>The photos of comparisons, in order of input.</summary>
    public List<ImageComparison> Photos { get; } = [];

    /// <summary>The predictions, in order of input.</summary>
    public List<WaterMeters.Prediction> Predictions { get; } = [];

    /// <summary>The comparison; null if there was none.</summary>
    public ModelComparison? Comparison { get; private set; }

    /// <summary>The check of a data set; null if there was none.</summary>
    public CheckedDataset? Dataset { get; private set; }

    /// <summary>Why this cannot be one report; null if it can.</summary>
    public string? Refusal
    {
        get
        {
            bool hasModels = Trainings.Count > 0 || Runs.Count > 0 || Comparison is not null || Photos.Count > 0;
            int kinds = (hasModels ? 1 : 0) + (Predictions.Count > 0 ? 1 : 0) + (Dataset is null ? 0 : 1);
            if (kinds == 0) return "There is nothing to report on. " + Accepted;
            if (kinds > 1) return "A report is about models, about predictions or about a data set. Write a report of each.";
            return Comparison is null && Photos.Count > 0
                ? "The input has photos without their comparison. Pipe in the output of Compare-WmsModel without -PerImage too."
                : null;
        }
    }

    /// <summary>Adds a record or a path.</summary>
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
            case WaterMeters.Prediction prediction:
                Predictions.Add(prediction);
                return null;
            case DatasetReport report:
                return AddDataset(CheckedDatasets.For(report));
            case string path:
                return AddPath(path);
            case FileSystemInfo item:
                return AddPath(item.FullName);
            case PSCustomObject:
                return AddProperties(wrapped);
            case null:
                // A failed training or comparison returns nothing; a report without it would look as if it had never been tried.
                return "The input has an empty record, as after a failed training or comparison. "
                    + "Check the errors above, and pipe in only results.";
            default:
                return $"Cannot report on a {wrapped.BaseObject.GetType().Name}. {Accepted}";
        }
    }

    /// <summary>Adds the runs of a folder: the folder itself, or the runs directly in it, by name.</summary>
    /// <returns>Why it cannot be reported on; null if it was added.</returns>
    public string? AddRuns(string folder)
    {
        string[] runs = IsRun(folder)
            ? [folder]
            : [.. Directory.EnumerateDirectories(folder).Where(IsRun).Order(StringComparer.OrdinalIgnoreCase)];
        if (runs.Length == 0)
        {
            return $"'{folder}' is not the folder of a run, and contains none: it has no epochs.jsonl. "
                + "Name the -OutputPath of Start-WmsTraining, or the folder above several of them.";
        }

        Runs.AddRange(runs.Except(Runs));
        return null;
    }

    /// <summary>Returns the photos of a comparison, each once, by name.</summary>
    public IReadOnlyList<ImageComparison> PhotosOf(ModelComparison comparison) =>
    [
        .. Photos.Where(photo => photo.Candidate == comparison.Candidate && photo.Baseline == comparison.Baseline)
            .DistinctBy(photo => photo.ImagePath).OrderBy(photo => photo.Name, StringComparer.Ordinal),
    ];

    private static bool IsRun(string folder) => File.Exists(Path.Combine(folder, "epochs.jsonl"));

    private string? AddPath(string given)
    {
        string path = resolve(given);
        if (Directory.Exists(path)) return AddRuns(path);
        if (!File.Exists(path)) return $"'{path}' does not exist. Check the path.";
        switch (Path.GetExtension(path).ToUpperInvariant())
        {
            case ".JSON":
                return AddDataset(CheckedDataset.Read(path));
            case ".CSV":
                foreach (var row in readCsv(path))
                {
                    if (AddProperties(row) is { } refusal) return $"'{path}': {refusal}";
                }

                return null;
            default:
                return $"Cannot report on '{path}'. {Accepted}";
        }
    }

    private string? AddDataset(CheckedDataset dataset)
    {
        if (Dataset is not null && !ReferenceEquals(Dataset.Report, dataset.Report))
        {
            return "A report is about one check of a data set, and the input has two. Write a report of each, or check both sets together: "
                + "Test-WmsDataset takes several folders.";
        }

        Dataset = dataset;
        return null;
    }

    /// <summary>Adds an object with the properties of a record: from a job, a file, or a row of a CSV file.</summary>
    private string? AddProperties(PSObject source)
    {
        const string prefix = "Deserialized.WaterMeters.";
        string type = source.TypeNames.FirstOrDefault(name => name.StartsWith(prefix, StringComparison.Ordinal))?[prefix.Length..] ?? "";
        bool isPrediction = RecordReader.Text(source, nameof(WaterMeters.Prediction.ImagePath)) is not null
            && source.Properties[nameof(WaterMeters.Prediction.Regions)] is not null;
        return type switch
        {
            nameof(TrainingResult) => AddAs<TrainingResult>(source),
            nameof(ModelComparison) => AddAs<ModelComparison>(source),
            nameof(ImageComparison) => AddAs<ImageComparison>(source),
            nameof(DatasetReport) => AddAs<DatasetReport>(source),
            _ when isPrediction => AddAs<WaterMeters.Prediction>(source),
            _ => "Cannot report on an object without the properties of a record, such as ImagePath and Regions of a prediction. "
                + Accepted,
        };
    }

    private string? AddAs<T>(PSObject source)
        where T : class =>
        RecordReader.Read(source, out T record) is { } unreadable
            ? $"Cannot read {unreadable} of the {typeof(T).Name}. Export the records again, without changing their values."
            : Add(record);
}
