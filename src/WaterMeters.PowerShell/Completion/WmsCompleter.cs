using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace WaterMeters.PowerShell.Completion;

/// <summary>
/// What Tab offers for a parameter. It never throws: a fault is no suggestion. An answer, even an empty one, also keeps
/// PowerShell's own list of all files away.
/// </summary>
internal abstract class WmsCompleter : IArgumentCompleter
{
    /// <summary>Nobody pages through more.</summary>
    private const int Most = 50;

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            return [.. Suggest(new CompletionWord(wordToComplete ?? "")).DistinctBy(r => r.CompletionText, StringComparer.Ordinal).Take(Most)];
        }
        catch (Exception)
        {
            // A red line in the middle of a command that is being typed helps nobody.
            return [];
        }
    }

    /// <summary>The suggestions for a word, the likeliest first.</summary>
    protected abstract IEnumerable<CompletionResult> Suggest(CompletionWord word);
}
