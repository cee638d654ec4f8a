using System.Globalization;
using WaterMeters.Ops.Tracking;

namespace WaterMeters.TrackingClient;

/// <summary>Fills a store with runs as trainings leave them, each registered as a version; every tenth was in production.</summary>
public static class LargeStore
{
    /// <summary>Name of the experiment and of the registered model.</summary>
    public const string Name = "meters";

    /// <summary>Metrics of each epoch.</summary>
    public static IReadOnlyList<string> Keys { get; } =
        ["train_loss", "val_loss", "train_dice", "val_dice", "train_iou", "val_iou", "learning_rate", "epoch_seconds"];

    /// <summary>Adds runs and versions.</summary>
    public static void Fill(ITrackingStore store, int runs, int epochs, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(store);
        string experiment = store.GetOrCreateExperiment(Name, stop).Id;
        store.GetOrCreateModel(Name, "", stop);
        var parameters = Enumerable.Range(0, 20).ToDictionary(i => Text($"parameter{i}"), i => Text($"value {i}"));
        var tags = Enumerable.Range(0, 8).ToDictionary(i => Text($"tag{i}"), i => Text($"value {i}"));
        for (int i = 0; i < runs; i++)
        {
            var run = store.CreateRun(new() { ExperimentId = experiment, Name = Text($"run {i}"), Start = Time(i) }, stop);
            var metrics =
                from epoch in Enumerable.Range(0, epochs)
                from key in Keys
                select new Metric(key, (epoch + 1) / 3.0, Time(epoch), epoch);
            store.Log(run.Id, new() { Metrics = [.. metrics], Parameters = parameters, Tags = tags }, stop);
            store.UpdateRun(run.Id, RunStatus.Finished, Time(i + epochs), stop);
            int version = store.CreateVersion(
                new() { Name = Name, Source = $"runs:/{run.Id}/model", RunId = run.Id, Tags = tags }, stop).Version;
            if (i % 10 != 0) continue;
            var promotion = new StageRequest
            {
                Name = Name,
                Version = version,
                Stage = RegistryStage.Production,
                ArchiveOthers = true,
                Alias = "champion",
                By = "ana",
                Time = Time(i),
            };
            store.SetStage(promotion, stop);
        }
    }

    /// <summary>A time, some seconds after a fixed one.</summary>
    public static DateTimeOffset Time(int seconds) => DateTimeOffset.FromUnixTimeSeconds(1_800_000_000 + seconds);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
