using System.Security.Cryptography;
using System.Text;

namespace WaterMeters.Ops.Git.Pushes;

/// <summary>The training data that a push would put on one protected branch.</summary>
/// <param name="Branch">The protected branch.</param>
/// <param name="Tip">The commit that is pushed to it.</param>
/// <param name="Changes">The changes of training data.</param>
/// <param name="OtherCount">Number of other changed files.</param>
internal sealed record PushedData(string Branch, string Tip, IReadOnlyList<DataChange> Changes, int OtherCount)
{
    /// <summary>
    /// Identifies the changes by their content: the same photos pushed again have the same id, whatever commits carry them and wherever
    /// the main branch is by then.
    /// </summary>
    public string Id { get; } = IdOf(Changes);

    /// <summary>
    /// The commit that the pushed ones are based on, if one of them has other versions of the data than the last; null otherwise.
    /// </summary>
    public string? CombineFrom { get; init; }

    /// <summary>Number of photos that are new or changed.</summary>
    public int PhotoCount => Count(DataKind.Photo) + Count(DataKind.NotInDataset) + Count(DataKind.NotRead);

    /// <summary>Number of masks that are new or changed.</summary>
    public int MaskCount => Count(DataKind.Mask);

    /// <summary>Number of .dvc files that differ.</summary>
    public int DvcFileCount => Changes.Count(change => change.Kind == DataKind.DvcFile);

    /// <summary>Number of photos and masks that are removed.</summary>
    public int RemovedCount =>
        Changes.Count(change => change is { IsRemoval: true, Kind: not DataKind.DvcFile and not DataKind.Split });

    /// <summary>The changes in words, such as "12 photos and 12 masks".</summary>
    public string Words
    {
        get
        {
            string[] parts =
            [
                .. new[]
                {
                    Counted(PhotoCount, "photo"), Counted(MaskCount, "mask"), Counted(DvcFileCount, ".dvc file"),
                    RemovedCount > 0 ? Counted(RemovedCount, "removed file") : null,
                }.OfType<string>(),
            ];
            return parts.Length < 2 ? string.Concat(parts) : $"{string.Join(", ", parts[..^1])} and {parts[^1]}";
        }
    }

    private static string? Counted(int count, string word) =>
        count == 0 ? null : FormattableString.Invariant($"{count} {word}{(count == 1 ? "" : "s")}");

    private int Count(DataKind kind) => Changes.Count(change => change.Kind == kind && !change.IsRemoval);

    private static string IdOf(IEnumerable<DataChange> changes)
    {
        var lines = changes.Select(change => $"{change.Change.New?.Mode ?? "0"} {change.Change.New?.Id ?? "0"} {change.Path}\n");
        return Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines.Order(StringComparer.Ordinal)))));
    }
}
