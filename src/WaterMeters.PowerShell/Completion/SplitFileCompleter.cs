namespace WaterMeters.PowerShell.Completion;

/// <summary>Completes split files: .json files in the folder typed so far, those with "split" in their name first.</summary>
internal sealed class SplitFileCompleter : PathCompleter
{
    /// <inheritdoc/>
    protected override int Depth => 0;

    /// <inheritdoc/>
    protected override string[] Extensions => [".json"];

    /// <inheritdoc/>
    protected override IEnumerable<string> Select(IReadOnlyList<FolderContents> contents) =>
        from folder in contents
        from file in folder.Files
        orderby file.Name.Contains("split", StringComparison.OrdinalIgnoreCase) descending, file.Name
        select file.Name;
}
