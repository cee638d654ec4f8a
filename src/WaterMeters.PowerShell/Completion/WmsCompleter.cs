using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace WaterMeters.PowerShell.Completion;

/// <summary>
/// Base of the argument completers. It never throws: an error means no suggestions. Returning a list, even an empty one, also suppresses
/// PowerShell's own list of files.
/// </summary>
internal abstract class WmsCompleter : IArgumentCompleter
{
    // A longer menu is of no use.
    private protected const int MaxSuggestions = 50;

    /// <summary>The parameters that are on the line already, by name.</summary>
    private protected IDictionary Given { get; private set; } = new Hashtable();

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            Given = fakeBoundParameters ?? Given;
            var suggestions = Suggest(new CompletionWord(wordToComplete ?? ""));
            return [.. suggestions.DistinctBy(r => r.CompletionText, StringComparer.Ordinal).Take(MaxSuggestions)];
        }
        catch (Exception)
        {
            // An error message in the middle of a command being typed would only disturb.
            return [];
        }
    }

    /// <summary>Returns the suggestions for a word, the most likely first.</summary>
    protected abstract IEnumerable<CompletionResult> Suggest(CompletionWord word);
}
