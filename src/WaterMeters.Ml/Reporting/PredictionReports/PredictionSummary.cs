namespace WaterMeters.Ml.Reporting.PredictionReports;

/// <summary>Predictions sorted for a reader, the most doubtful first, and their counts.</summary>
internal sealed class PredictionSummary
{
    /// <summary>Sorts predictions. A photo that was predicted several times, by one model or several, is there each time.</summary>
    public PredictionSummary(IReadOnlyList<Prediction> predictions)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        All =
        [
            .. predictions.Select(prediction => new DoubtedPrediction(prediction, PredictionDoubts.Of(prediction)))
                .OrderBy(p => p.Gravest is { } doubt ? (int)doubt : int.MaxValue)
                .ThenBy(p => p.Gravest == PredictionDoubt.SeveralRegions ? PredictionDoubts.LargestShare(p.Prediction) : 0)
                .ThenBy(p => p.Prediction.Confidence).ThenBy(p => p.Prediction.ImagePath, StringComparer.Ordinal),
        ];
        var found = predictions.Where(prediction => prediction.Regions > 0).ToList();
        Found = found.Count;
        MeanConfidence = found.Count > 0 ? found.Average(prediction => prediction.Confidence) : null;
        Models = [.. predictions.Select(prediction => prediction.Model).Distinct(StringComparer.Ordinal)];
        ModelPaths = [.. predictions.Select(p => p.ModelPath).Where(path => path.Length > 0).Distinct(StringComparer.Ordinal)];
        Folder = CommonFolder(predictions);
    }

    /// <summary>All predictions with their doubts, the most doubtful first.</summary>
    public IReadOnlyList<DoubtedPrediction> All { get; }

    /// <summary>Number of photos with at least one region.</summary>
    public int Found { get; }

    /// <summary>Number of predictions with a doubt.</summary>
    public int Doubtful => All.Count(p => p.Doubts.Count > 0);

    /// <summary>Mean confidence where something was found, 0..1; null where nothing was.</summary>
    public double? MeanConfidence { get; }

    /// <summary>Names of the models, in order of input.</summary>
    public IReadOnlyList<string> Models { get; }

    /// <summary>Files of the models, in order of input.</summary>
    public IReadOnlyList<string> ModelPaths { get; }

    /// <summary>Folder that all photos are in; null when there is none.</summary>
    public string? Folder { get; }

    /// <summary>Returns the number of predictions with a doubt; one may have several.</summary>
    public int Count(PredictionDoubt doubt) => All.Count(p => p.Doubts.Contains(doubt));

    /// <summary>Returns the predictions by their gravest doubt, and last those without any; groups that are empty are left out.</summary>
    public IEnumerable<(PredictionDoubt? Doubt, IReadOnlyList<DoubtedPrediction> Photos)> Groups() =>
        All.GroupBy(photo => photo.Gravest).Select(group => (group.Key, (IReadOnlyList<DoubtedPrediction>)[.. group]));

    /// <summary>Returns the name of a photo: its path below <see cref="Folder"/>.</summary>
    public string Name(Prediction prediction)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        return Folder is null ? prediction.ImagePath : prediction.ImagePath[(Folder.Length + 1)..].Replace('\\', '/');
    }

    private static string? CommonFolder(IReadOnlyList<Prediction> predictions)
    {
        string? common = null;
        foreach (var prediction in predictions)
        {
            string? folder = Parent(prediction.ImagePath);
            common = common is null ? folder : Common(common, folder);
            if (string.IsNullOrEmpty(common)) return null;
        }

        return common;
    }

    // Records may come from a machine with other separators.
    private static string? Parent(string path) => path.LastIndexOfAny(['/', '\\']) is > 0 and var end ? path[..end] : null;

    private static string? Common(string first, string? second)
    {
        for (string? folder = first; folder is not null; folder = Parent(folder))
        {
            if (second is null) return null;
            if (second == folder || second.StartsWith(folder + "/", StringComparison.Ordinal)
                || second.StartsWith(folder + "\\", StringComparison.Ordinal)) return folder;
        }

        return null;
    }
}

/// <summary>A prediction with the doubts about it.</summary>
/// <param name="Prediction">The prediction.</param>
/// <param name="Doubts">The doubts, the gravest first; none for one that needs no look.</param>
internal sealed record DoubtedPrediction(Prediction Prediction, IReadOnlyList<PredictionDoubt> Doubts)
{
    /// <summary>The gravest doubt; null for none.</summary>
    public PredictionDoubt? Gravest => Doubts.Count > 0 ? Doubts[0] : null;
}
