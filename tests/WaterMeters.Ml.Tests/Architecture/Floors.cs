namespace WaterMeters.Ml.Tests.Architecture;

/// <summary>
/// The floors of the house, lowest first: a file may use its own room and the rooms before it, never one behind it. A room is a folder
/// below src; folders in it that are not listed belong to it.
/// </summary>
internal static class Floors
{
    private const string
        Records = "WaterMeters.Records",
        Ml = "WaterMeters.Ml",
        Ops = "WaterMeters.Ops",
        PowerShell = "WaterMeters.PowerShell";

    /// <summary>Projects, lowest first.</summary>
    public static IReadOnlyList<string> Projects { get; } = [Records, Ml, Ops, PowerShell];

    /// <summary>Rooms, lowest first.</summary>
    public static IReadOnlyList<string> Rooms { get; } =
    [
        Records,
        $"{Ml}/Foundation",
        $"{Ml}/Settings",
        $"{Ml}/Runtime",
        $"{Ml}/Imaging",
        $"{Ml}/Datasets",
        $"{Ml}/Datasets/Facts",
        $"{Ml}/Datasets/Duplicates",
        $"{Ml}/Datasets/Splits",
        $"{Ml}/Datasets/Checks",
        $"{Ml}/Datasets/Repairs",
        $"{Ml}/Datasets/Merging",
        $"{Ml}/Models/Tensors",
        $"{Ml}/Models/Network",
        $"{Ml}/Models/PyTorch",
        $"{Ml}/Models/Onnx",
        $"{Ml}/Models",
        $"{Ml}/Inference/Engines",
        $"{Ml}/Inference/Torch",
        $"{Ml}/Inference/Onnx",
        $"{Ml}/Inference",
        $"{Ml}/Evaluation/Metrics",
        $"{Ml}/Evaluation",
        $"{Ml}/Evaluation/Gate",
        $"{Ml}/Evaluation/Ledger",
        $"{Ml}/Evaluation/Comparisons",
        $"{Ml}/Evaluation/Promotions",
        $"{Ml}/Training",
        $"{Ml}/Reporting/Markup",
        $"{Ml}/Reporting/Charts",
        $"{Ml}/Reporting/DatasetReports",
        $"{Ml}/Reporting/ModelReports",
        $"{Ml}/Reporting/PredictionReports",
        $"{Ml}/Samples",
        $"{Ops}/Http",
        $"{Ops}/Feeds",
        $"{Ops}/GitHub",
        $"{Ops}/Aws",
        $"{Ops}/Tracking",
        $"{Ops}/Tracking/Artifacts",
        $"{Ops}/Tracking/Sqlite",
        $"{Ops}/Tracking/Rest",
        $"{Ops}/Tracking/Runs",
        $"{Ops}/Tracking/Stores",
        $"{Ops}/Registry",
        $"{Ops}/Git",
        $"{Ops}/Versioning/Contents",
        $"{Ops}/Versioning/Repositories",
        $"{Ops}/Versioning/Stores",
        $"{Ops}/Versioning/Scans",
        $"{Ops}/Versioning",
        $"{Ops}/Git/Pushes",
        $"{Ops}/Git/Hooks",
        $"{Ops}/Terraform",
        $"{Ops}/Machines/Leases",
        $"{Ops}/Machines",
        $"{Ops}/Jobs",
        $"{PowerShell}/Isolation",
        $"{PowerShell}/Errors",
        $"{PowerShell}/Requirements",
        $"{PowerShell}/Completion",
        $"{PowerShell}/Commands",
    ];

    /// <summary>The room of a file: the longest listed folder that it is in.</summary>
    public static string? RoomOf(string file) =>
        Rooms.Where(room => file.StartsWith(room + "/", StringComparison.Ordinal)).MaxBy(room => room.Length);

    /// <summary>The uses that go upward, as <c>file uses file (type)</c>.</summary>
    public static IReadOnlyList<string> Violations(SourceTree sources) =>
    [
        .. from use in sources.Uses
           let user = RoomOf(use.From)
           let used = RoomOf(use.To)
           where user is null || used is null || Index(user) < Index(used)
           orderby use.From, use.To
           select $"{use.From} uses {use.To} ({use.Type})",
    ];

    /// <summary>Groups of rooms that use each other in a circle; each group has at least two.</summary>
    /// <param name="sources">The sources.</param>
    /// <param name="roomOf">The room of a file; null leaves the file out.</param>
    public static IReadOnlyList<string[]> Circles(SourceTree sources, Func<string, string?> roomOf)
    {
        var next = sources.Uses.Select(use => (From: roomOf(use.From), To: roomOf(use.To)))
            .Where(pair => pair.From is not null && pair.To is not null && pair.From != pair.To)
            .ToLookup(pair => pair.From!, pair => pair.To!, StringComparer.Ordinal);
        var reach = next.ToDictionary(group => group.Key, group => Reachable(group.Key), StringComparer.Ordinal);
        return
        [
            .. reach.Keys.Where(room => reach[room].Contains(room))
                .GroupBy(room => string.Join('\n', reach[room].Where(other => Reaches(other, room)).Order(StringComparer.Ordinal)))
                .Select(group => group.Order(StringComparer.Ordinal).ToArray()),
        ];

        bool Reaches(string from, string to) => reach.TryGetValue(from, out var rooms) && rooms.Contains(to);

        HashSet<string> Reachable(string start)
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            var waiting = new Queue<string>([start]);
            while (waiting.TryDequeue(out string? room))
            {
                foreach (string other in next[room])
                {
                    if (seen.Add(other)) waiting.Enqueue(other);
                }
            }

            return seen;
        }
    }

    private static int Index(string room) => Rooms.Index().First(r => r.Item == room).Index;
}
