using System.Management.Automation;

namespace WaterMeters.PowerShell.Completion;

/// <summary>Completes from a few fixed values, each with a description.</summary>
internal abstract class ChoiceCompleter : WmsCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<CompletionResult> Suggest(CompletionWord word) =>
        from choice in Choices(word.Value)
        where choice.Value.StartsWith(word.Value, StringComparison.OrdinalIgnoreCase)
        select word.Result(choice.Value, choice.Value, CompletionResultType.ParameterValue, choice.Description);

    /// <summary>Returns the values with their descriptions, the most likely first.</summary>
    protected abstract IEnumerable<(string Value, string Description)> Choices(string typed);
}
