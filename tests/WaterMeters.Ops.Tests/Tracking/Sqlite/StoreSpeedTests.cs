using System.Diagnostics;
using System.Globalization;
using WaterMeters.Ops.Tracking;
using WaterMeters.Ops.Tracking.Sqlite;
using WaterMeters.TrackingClient;

namespace WaterMeters.Ops.Tests.Tracking.Sqlite;

/// <summary>
/// A store of many runs: 20 of 5 epochs, 1,000 of 100 epochs with WMS_PROVE=full, where the times are figures; only those of the proof are
/// judged.
/// </summary>
public class StoreSpeedTests(ITestOutputHelper output)
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    [Fact(SkipWhen = nameof(WindowsSystem.IsWine), SkipType = typeof(WindowsSystem), Skip = "Wine has no command dotnet.")]
    public void All_versions_and_runs_of_a_large_store_are_read_at_once()
    {
        var (runs, epochs) = ProcessMemory.Full ? (1000, 100) : (20, 5);
        using var temp = new TempFolder();
        using var store = new SqliteTrackingStore(temp["mlflow.db"]);
        LargeStore.Fill(store, runs, epochs, Stop);

        // One epoch of a training in the full store, as a call of its own.
        var slowest = TimeSpan.Zero;
        var last = store.ListRuns(new() { Limit = 1 }, Stop)[0];
        for (int epoch = 0; epoch < 20; epoch++)
        {
            int step = epochs + epoch;
            Metric[] metrics = [.. LargeStore.Keys.Select(key => new Metric(key, step, LargeStore.Time(step), step))];
            var time = Measure(() => store.Log(last.Id, new() { Metrics = metrics }, Stop));
            if (time > slowest) slowest = time;
        }

        int[] first = [.. Enumerable.Range(0, ProcessMemory.Full ? 5 : 1).Select(_ =>
        {
            using var client = new ClientProcess("list", store.Path, LargeStore.Name);
            client.Go();
            Assert.NotNull(client.WaitFor(string.Create(CultureInfo.InvariantCulture, $"{runs} versions, {runs} runs of them")));
            return client.Finish();
        }).Order()];

        IReadOnlyList<ModelVersion> versions = [];
        IReadOnlyList<Run> made = [], listed = [];
        double[] again = [.. Enumerable.Range(0, 5).Select(_ => Measure(() =>
        {
            versions = store.ListVersions(LargeStore.Name, Stop);
            made = store.GetRuns([.. versions.Select(version => version.RunId)], Stop);
        }).TotalMilliseconds).Order()];
        var list = Measure(() => listed = store.ListRuns(new(), Stop));
        var history = Measure(() => Assert.Equal(epochs + 20, store.GetMetricHistory(last.Id, "val_dice", Stop).Count));

        Assert.Equal((runs, runs, runs), (versions.Count, made.Count, listed.Count));
        Assert.Equal((epochs - 1, epochs / 3.0), (listed[^1].Metrics["val_dice"].Step, listed[^1].Metrics["val_dice"].Value));
        Assert.Equal((20, "value 7"), (listed[^1].Parameters.Count, listed[^1].Tags["tag7"]));
        var production = versions.Single(version => version.Stage == RegistryStage.Production);
        Assert.Equal((runs - 9, "value 7"), (production.Version, production.Tags["tag7"]));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"figure: {runs} runs of {epochs} epochs and {runs} versions: all versions with their runs in {first[first.Length / 2]} ms "
            + $"in a new process ({first[0]} to {first[^1]}), again in {again[2]:0} ms, all runs in {list.TotalMilliseconds:0} ms, "
            + $"one history in {history.TotalMilliseconds:0} ms; logging an epoch at most {slowest.TotalMilliseconds:0} ms; "
            + $"{new FileInfo(store.Path).Length / 1e6:0} MB"));
        if (ProcessMemory.Full) Assert.InRange(again[2], 0, 200);
    }

    private static TimeSpan Measure(Action call)
    {
        long start = Stopwatch.GetTimestamp();
        call();
        return Stopwatch.GetElapsedTime(start);
    }
}
