using System.Management.Automation;
using System.Management.Automation.Language;

namespace WaterMeters.PowerShell.Completion;

/// <summary>
/// The word at the cursor. PowerShell hands over its value, variables and escapes resolved, in the quotes it was typed in;
/// the closing one may be missing.
/// </summary>
internal sealed class CompletionWord
{
    // Whatever else PowerShell may read as syntax in a bare word is quoted, and more than that: a quote harms nothing.
    private const string Plain = "_./\\:+-~";

    private readonly char quote;

    /// <summary>Takes the word apart.</summary>
    public CompletionWord(string word)
    {
        quote = word.Length == 0 ? '\0' : IsSingle(word[0]) ? '\'' : IsDouble(word[0]) ? '"' : '\0';
        if (quote == '\0') Value = word;
        else Value = word.Length > 1 && Same(word[^1]) ? word[1..^1] : word[1..];
    }

    /// <summary>The text without its quotes.</summary>
    public string Value { get; }

    /// <summary>A suggestion that has this text as its value: quoted as the word is, or where it must be.</summary>
    /// <param name="text">The value to put in.</param>
    /// <param name="list">What the menu shows.</param>
    /// <param name="type">What it is.</param>
    /// <param name="toolTip">What is said about it.</param>
    public CompletionResult Result(string text, string list, CompletionResultType type, string toolTip) => new(Quoted(text), list, type, toolTip);

    private string Quoted(string text)
    {
        if (quote == '"') return '"' + string.Concat(text.Select(c => c is '`' or '$' || IsDouble(c) ? "`" + c : c.ToString())) + '"';
        bool bare = quote == '\0' && text.Length > 0 && text[0] is not '-' && text.All(c => char.IsAsciiLetterOrDigit(c) || char.IsLetter(c) || Plain.Contains(c, StringComparison.Ordinal));
        return bare ? text : "'" + CodeGeneration.EscapeSingleQuotedStringContent(text) + "'";
    }

    private bool Same(char c) => quote == '"' ? IsDouble(c) : IsSingle(c);

    // PowerShell takes the curved quotes of a word processor for straight ones.
    private static bool IsSingle(char c) => c is '\'' or '\u2018' or '\u2019' or '\u201a' or '\u201b';

    private static bool IsDouble(char c) => c is '"' or '\u201c' or '\u201d' or '\u201e';
}
