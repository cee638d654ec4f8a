namespace WaterMeters.PowerShell.Completion;

/// <summary>Completes folders of training runs, which contain epochs.jsonl, the newest first.</summary>
internal sealed class RunFolderCompleter : PathCompleter
{
    /// <inheritdoc/>
    protected override int Depth => 3;

    /// <inheritdoc/>
    protected override string[] Extensions => [".jsonl"];

    /// <inheritdoc/>
    protected override IEnumerable<string> Select(IReadOnlyList<FolderContents> contents) =>
        from folder in contents
        from file in folder.Files
        where file.Name.Equals("epochs.jsonl", StringComparison.OrdinalIgnoreCase)
        orderby file.Written descending
        select folder.Relative.Length == 0 ? "." : folder.Relative;
}
