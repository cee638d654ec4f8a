namespace WaterMeters.PowerShell.Completion;

/// <summary>Completes data sets: folders with images and masks.</summary>
internal sealed class DatasetFolderCompleter : PathCompleter
{
    /// <inheritdoc/>
    protected override int Depth => 3;

    /// <inheritdoc/>
    protected override IEnumerable<string> Select(IReadOnlyList<FolderContents> contents) =>
        from folder in contents
        where Contains(folder, "images") && Contains(folder, "masks")
        select folder.Relative.Length == 0 ? "." : folder.Relative;

    private static bool Contains(FolderContents folder, string name) => folder.Folders.Contains(name, StringComparer.OrdinalIgnoreCase);
}
