using System.Diagnostics;
using System.Globalization;
using WaterMeters.Ops.Tracking;
using WaterMeters.Ops.Tracking.Sqlite;
using WaterMeters.TrackingClient;

// A process of its own that uses a tracking store, for tests with several processes and with kills.
// Prints a line for each finished step, and at the end the longest time that one call took.
//   log DATABASE RUN KEY COUNT        logs COUNT metrics of one key, one call each
//   read DATABASE RUN COUNT           reads the run until it has COUNT finished writers (tag "done.KEY")
//   fill DATABASE RUNS EPOCHS         adds runs and versions (LargeStore)
//   list DATABASE MODEL               lists all versions of a model with their runs
//   promote DATABASE MODEL VERSION N  promotes a version N times, and archives the others each time
// The process starts its work when it reads a line from its input.
using var store = new SqliteTrackingStore(args[1]);
var stop = CancellationToken.None;
Say($"ready");
Console.In.ReadLine();
var longest = TimeSpan.Zero;
switch (args[0])
{
    case "log":
        int count = Number(args[4]);
        for (int step = 0; step < count; step++)
        {
            var metric = new Metric(args[3], step, DateTimeOffset.UnixEpoch.AddSeconds(step), step);
            Measure(() => store.Log(args[2], new() { Metrics = [metric] }, stop));
            Say($"logged {step}");
        }

        store.Log(args[2], new() { Tags = new Dictionary<string, string> { [$"done.{args[3]}"] = "1" } }, stop);
        break;
    case "read":
        int reads = 0;
        for (bool done = false; !done; reads++)
        {
            Measure(() => done = store.GetRun(args[2], stop).Tags.Keys.Count(key => key.StartsWith("done.", StringComparison.Ordinal))
                == Number(args[3]));
        }

        Say($"reads {reads}");
        break;
    case "fill":
        LargeStore.Fill(store, Number(args[2]), Number(args[3]), stop);
        break;
    case "list":
        Measure(() =>
        {
            var versions = store.ListVersions(args[2], stop);
            Say($"{versions.Count} versions, {store.GetRuns([.. versions.Select(version => version.RunId)], stop).Count} runs of them");
        });
        break;
    case "promote":
        for (int i = 0; i < Number(args[4]); i++)
        {
            Measure(() => store.SetStage(
                new()
                {
                    Name = args[2],
                    Version = Number(args[3]),
                    Stage = RegistryStage.Production,
                    ArchiveOthers = true,
                    Alias = "champion",
                    By = $"process {Environment.ProcessId}",
                    Time = DateTimeOffset.UtcNow,
                },
                stop));
        }

        break;
    default:
        return 2;
}

Say($"longest {longest.TotalMilliseconds:0}");
return 0;

void Measure(Action call)
{
    long start = Stopwatch.GetTimestamp();
    call();
    var time = Stopwatch.GetElapsedTime(start);
    if (time > longest) longest = time;
}

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

static void Say(FormattableString line)
{
    Console.Out.WriteLine(line.ToString(CultureInfo.InvariantCulture));
    Console.Out.Flush();
}
