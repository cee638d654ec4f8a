using WaterMeters.Ml.Models;

namespace WaterMeters.PowerShell.Completion;

/// <summary>
/// Completes models: the one in production, then the newest first. Checkpoints are not models. Other values of -Model (stages, aliases and
/// versions of a registry) belong into <see cref="WmsCompleter.Suggest"/>, after the files, which -Model tries first.
/// </summary>
internal sealed class ModelCompleter : PathCompleter
{
    /// <inheritdoc/>
    protected override int Depth => 4;

    /// <inheritdoc/>
    protected override string[] Extensions => [.. ModelFile.Extensions, ".pt", ".ckpt"];

    /// <inheritdoc/>
    protected override IEnumerable<string> Select(IReadOnlyList<FolderContents> contents) =>
        from folder in contents
        from file in folder.Files
        where !file.Name.Equals("checkpoint.safetensors", StringComparison.OrdinalIgnoreCase)
        orderby Rank(folder.Relative, file.Name), file.Written descending
        select Path.Join(folder.Relative, file.Name);

    private static int Rank(string folder, string file)
    {
        bool isInProduction = Path.GetFileNameWithoutExtension(file).Equals("production", StringComparison.OrdinalIgnoreCase)
            && Path.GetFileName(folder).Equals("models", StringComparison.OrdinalIgnoreCase);
        return isInProduction ? 0 : 1;
    }
}
