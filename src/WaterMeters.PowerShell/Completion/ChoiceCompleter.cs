using System.Management.Automation;

namespace WaterMeters.PowerShell.Completion;

/// <summary>A few values, each with a word about it.</summary>
internal abstract class ChoiceCompleter : WmsCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<CompletionResult> Suggest(CompletionWord word) =>
        from choice in Choices(word.Value)
        where choice.Value.StartsWith(word.Value, StringComparison.OrdinalIgnoreCase)
        select word.Result(choice.Value, choice.Value, CompletionResultType.ParameterValue, choice.Meaning);

    /// <summary>The values and what they mean, the likeliest first.</summary>
    protected abstract IEnumerable<(string Value, string Meaning)> Choices(string typed);
}
