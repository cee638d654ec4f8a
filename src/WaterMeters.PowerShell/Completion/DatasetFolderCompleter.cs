namespace WaterMeters.PowerShell.Completion;

/// <summary>Data sets: folders that hold images and masks.</summary>
internal sealed class DatasetFolderCompleter : PathCompleter
{
    /// <inheritdoc/>
    protected override int Depth => 3;

    /// <inheritdoc/>
    protected override IEnumerable<string> Wanted(IReadOnlyList<FolderContents> contents) =>
        from folder in contents
        where Holds(folder, "images") && Holds(folder, "masks")
        select folder.Relative.Length == 0 ? "." : folder.Relative;

    private static bool Holds(FolderContents folder, string name) => folder.Folders.Contains(name, StringComparer.OrdinalIgnoreCase);
}
