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
