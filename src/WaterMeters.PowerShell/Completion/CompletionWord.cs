using System.Management.Automation;
using System.Management.Automation.Language;

namespace WaterMeters.PowerShell.Completion;

/// <summary>
/// The word at the cursor. PowerShell passes its value, with variables and escapes resolved, in the quotes it was typed in; the closing
/// quote may be missing.
/// </summary>
internal sealed class CompletionWord
{
    // Characters that need no quotes. Anything else may be syntax in a bare word; unneeded quotes do no harm.
    private const string Plain = "_./\\:+-~";

    private readonly char quote;

    /// <summary>Separates the word from its quotes.</summary>
    public CompletionWord(string word)
    {
        quote = word.Length == 0 ? '\0' : IsSingle(word[0]) ? '\'' : IsDouble(word[0]) ? '"' : '\0';
        if (quote == '\0') Value = word;
        else Value = word.Length > 1 && IsClosingQuote(word[^1]) ? word[1..^1] : word[1..];
    }

    /// <summary>The text without its quotes.</summary>
    public string Value { get; }

    /// <summary>Returns a suggestion with this value, quoted as the word is, or where it must be.</summary>
    /// <param name="text">The value to insert.</param>
    /// <param name="list">The text in the menu.</param>
    /// <param name="type">The kind of value.</param>
    /// <param name="toolTip">The tool tip.</param>
    public CompletionResult Result(string text, string list, CompletionResultType type, string toolTip) =>
        new(Quote(text), list, type, toolTip);

    private string Quote(string text)
    {
        if (quote == '"') return '"' + string.Concat(text.Select(c => c is '`' or '$' || IsDouble(c) ? "`" + c : c.ToString())) + '"';
        bool bare = quote == '\0' && text.Length > 0 && text[0] is not '-' && text.All(IsPlain);
        return bare ? text : "'" + CodeGeneration.EscapeSingleQuotedStringContent(text) + "'";
    }

    private bool IsClosingQuote(char c) => quote == '"' ? IsDouble(c) : IsSingle(c);

    private static bool IsPlain(char c) =>
        char.IsAsciiLetterOrDigit(c) || char.IsLetter(c) || Plain.Contains(c, StringComparison.Ordinal);

    // PowerShell treats the curved quotes of word processors as straight ones.
    private static bool IsSingle(char c) => c is '\'' or '\u2018' or '\u2019' or '\u201a' or '\u201b';

    private static bool IsDouble(char c) => c is '"' or '\u201c' or '\u201d' or '\u201e';
}
