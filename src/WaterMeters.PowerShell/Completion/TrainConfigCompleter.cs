namespace WaterMeters.PowerShell.Completion;

/// <summary>Completes training configurations: YAML files in the folder typed so far and its subfolders, train.yaml first.</summary>
internal sealed class TrainConfigCompleter : PathCompleter
{
    /// <inheritdoc/>
    protected override int Depth => 1;

    /// <inheritdoc/>
    protected override string[] Extensions => [".yaml", ".yml"];

    /// <inheritdoc/>
    protected override IEnumerable<string> Select(IReadOnlyList<FolderContents> contents) =>
        from folder in contents
        from file in folder.Files
        orderby file.Name.StartsWith("train", StringComparison.OrdinalIgnoreCase) descending, folder.Relative, file.Name
        select Path.Join(folder.Relative, file.Name);
}
