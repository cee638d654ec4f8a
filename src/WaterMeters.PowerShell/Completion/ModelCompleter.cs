using System.Management.Automation;
using WaterMeters.Ml.Models;

namespace WaterMeters.PowerShell.Completion;

/// <summary>
/// Completes models: the one in production, then the newest first, then what the registry knows: stages, aliases and versions. -Model tries
/// them in this order too. Checkpoints are not models.
/// </summary>
internal sealed class ModelCompleter : PathCompleter
{
    /// <inheritdoc/>
    protected override int Depth => 4;

    /// <inheritdoc/>
    protected override string[] Extensions => [.. ModelFile.Extensions, ".pt", ".ckpt"];

    /// <inheritdoc/>
    protected override IEnumerable<CompletionResult> Suggest(CompletionWord word)
    {
        // Read while the files are looked for.
        var registry = RegistryNames.Start(Given["TrackingUri"]?.ToString());
        var files = Files(word);
        CompletionResult[] names = registry is null ? [] : [.. registry.Matching(word)];
        return files.Take(MaxSuggestions - names.Length).Concat(names);
    }

    /// <inheritdoc/>
    protected override IEnumerable<string> Select(IReadOnlyList<FolderContents> contents) =>
        from folder in contents
        from file in folder.Files
        where !file.Name.Equals("checkpoint.safetensors", StringComparison.OrdinalIgnoreCase)
        orderby Rank(folder.Relative, file.Name), file.Written descending
        select Path.Join(folder.Relative, file.Name);

    private CompletionResult[] Files(CompletionWord word)
    {
        try
        {
            return [.. base.Suggest(word)];
        }
        catch (Exception)
        {
            // models:/NAME/3 looks like a drive that does not exist.
            return [];
        }
    }

    private static int Rank(string folder, string file)
    {
        bool isInProduction = Path.GetFileNameWithoutExtension(file).Equals("production", StringComparison.OrdinalIgnoreCase)
            && Path.GetFileName(folder).Equals("models", StringComparison.OrdinalIgnoreCase);
        return isInProduction ? 0 : 1;
    }
}
