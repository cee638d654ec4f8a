namespace WaterMeters.PowerShell.Completion;

/// <summary>Training configurations: YAML in the folder that is typed and one below, train.yaml first.</summary>
internal sealed class TrainConfigCompleter : PathCompleter
{
    /// <inheritdoc/>
    protected override int Depth => 1;

    /// <inheritdoc/>
    protected override string[] Extensions => [".yaml", ".yml"];

    /// <inheritdoc/>
    protected override IEnumerable<string> Wanted(IReadOnlyList<FolderContents> contents) =>
        from folder in contents
        from file in folder.Files
        orderby file.Name.StartsWith("train", StringComparison.OrdinalIgnoreCase) descending, folder.Relative, file.Name
        select Path.Join(folder.Relative, file.Name);
}
