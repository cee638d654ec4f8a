namespace WaterMeters.PowerShell.Completion;

/// <summary>Split files: .json in the folder that is typed, those whose name says so first.</summary>
internal sealed class SplitFileCompleter : PathCompleter
{
    /// <inheritdoc/>
    protected override int Depth => 0;

    /// <inheritdoc/>
    protected override string[] Extensions => [".json"];

    /// <inheritdoc/>
    protected override IEnumerable<string> Wanted(IReadOnlyList<FolderContents> contents) =>
        from folder in contents
        from file in folder.Files
        orderby file.Name.Contains("split", StringComparison.OrdinalIgnoreCase) descending, file.Name
        select file.Name;
}
