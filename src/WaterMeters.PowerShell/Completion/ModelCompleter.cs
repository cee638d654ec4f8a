using WaterMeters.Ml.Models;

namespace WaterMeters.PowerShell.Completion;

/// <summary>
/// Models: the one in production, then the newest first; no checkpoints, which are none. What -Model takes beside files (a registry's stages,
/// aliases and versions) joins in <see cref="WmsCompleter.Suggest"/>, after the files, which the grammar tries first.
/// </summary>
internal sealed class ModelCompleter : PathCompleter
{
    /// <inheritdoc/>
    protected override int Depth => 4;

    /// <inheritdoc/>
    protected override string[] Extensions => [.. ModelFile.Extensions];

    /// <inheritdoc/>
    protected override IEnumerable<string> Wanted(IReadOnlyList<FolderContents> contents) =>
        from folder in contents
        from file in folder.Files
        where !file.Name.Equals("checkpoint.safetensors", StringComparison.OrdinalIgnoreCase)
        orderby Rank(folder.Relative, file.Name), file.Written descending
        select Path.Join(folder.Relative, file.Name);

    private static int Rank(string folder, string file)
    {
        string name = Path.GetFileNameWithoutExtension(file);
        return name.Equals("production", StringComparison.OrdinalIgnoreCase) && Path.GetFileName(folder).Equals("models", StringComparison.OrdinalIgnoreCase) ? 0 : 1;
    }
}
