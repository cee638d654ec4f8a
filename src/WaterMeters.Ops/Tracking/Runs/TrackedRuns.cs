namespace WaterMeters.Ops.Tracking.Runs;

/// <summary>Makes the records of runs, of those that other programs logged too.</summary>
public static class TrackedRuns
{
    private const string Model = "model.safetensors";

    /// <summary>Creates the record of a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="store">The store that has it.</param>
    /// <param name="experiment">Name of its experiment.</param>
    public static TrackedRun From(Run run, ITrackingStore store, string experiment)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(store);
        string? output = Text(run, RunTags.OutputPath);
        return new TrackedRun
        {
            RunName = run.Name,
            RunId = run.Id,
            Status = run.Status,
            Experiment = experiment,
            Start = run.Start.LocalDateTime,
            End = run.End?.LocalDateTime,
            Epochs = LastEpoch(run),
            BestEpoch = (int?)Value(run, TrainingFigures.BestEpoch),
            ValidationDice = Value(run, "val_dice"),
            ValidationIoU = Value(run, "val_iou"),
            TestDice = Value(run, "test_dice"),
            TestIoU = Value(run, "test_iou"),
            TestHausdorff = Value(run, "test_hausdorff"),
            IsBest = Text(run, RunTags.IsBest) is { } best ? best == "true" : null,
            EndReason = Text(run, RunTags.EndReason),
            User = run.User.Length > 0 ? run.User : Text(run, MlflowTags.User),
            HostName = Text(run, RunTags.Host),
            GitCommit = Text(run, MlflowTags.GitCommit),
            DataDigest = Text(run, RunTags.DataDigest),
            SplitDigest = Text(run, RunTags.SplitDigest),
            ModelDigest = Text(run, RunTags.ModelDigest),
            DataPath = Text(run, RunTags.DataPath),
            OutputPath = output,
            ModelPath = output is null ? null : ModelOf(run, store, output),
            IsWaiting = store.IsLocal && Text(run, RunTags.SendTo) is not null,
            TrackingUri = store.Address,
            RunUrl = store.PageOf(run),
        };
    }

    /// <summary>A later training may have replaced the folder; its link says which run it holds.</summary>
    private static string? ModelOf(Run run, ITrackingStore store, string folder)
    {
        if (!Path.IsPathFullyQualified(folder)) return null;
        string path = Path.Combine(folder, Model);
        return File.Exists(path) && RunLink.Read(folder) == new RunLink(store.Address, run.Id) ? path : null;
    }

    private static int? LastEpoch(Run run)
    {
        var steps = run.Metrics.Where(m => m.Key.EndsWith(TrainingFigures.OfEpoch, StringComparison.Ordinal)).Select(m => m.Value.Step);
        long last = steps.DefaultIfEmpty().Max();
        return last is > 0 and <= int.MaxValue ? (int)last : null;
    }

    private static double? Value(Run run, string key) => run.Metrics.TryGetValue(key, out var metric) ? metric.Value : null;

    private static string? Text(Run run, string key) => run.Tags.GetValueOrDefault(key) is { Length: > 0 } text ? text : null;
}
