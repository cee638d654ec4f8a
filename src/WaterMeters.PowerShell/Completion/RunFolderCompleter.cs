namespace WaterMeters.PowerShell.Completion;

/// <summary>Folders of trainings: those that hold a file of epochs, the newest first.</summary>
internal sealed class RunFolderCompleter : PathCompleter
{
    /// <inheritdoc/>
    protected override int Depth => 3;

    /// <inheritdoc/>
    protected override string[] Extensions => [".jsonl"];

    /// <inheritdoc/>
    protected override IEnumerable<string> Wanted(IReadOnlyList<FolderContents> contents) =>
        from folder in contents
        from file in folder.Files
        where file.Name.Equals("epochs.jsonl", StringComparison.OrdinalIgnoreCase)
        orderby file.Written descending
        select folder.Relative.Length == 0 ? "." : folder.Relative;
}
