using System.Management.Automation;

namespace WaterMeters.PowerShell.Completion;

/// <summary>Completes the versions of a registered model: stages, aliases and numbers, and no files.</summary>
internal sealed class RegisteredVersionCompleter : WmsCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<CompletionResult> Suggest(CompletionWord word) =>
        RegistryNames.Start(Given["TrackingUri"]?.ToString())?.Matching(word) ?? [];
}
