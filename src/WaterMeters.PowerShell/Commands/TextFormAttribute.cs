using System.Management.Automation;
using System.Text.RegularExpressions;

namespace WaterMeters.PowerShell.Commands;

/// <summary>Refuses text of another form and says in words which form it needs; ValidatePattern would show the pattern.</summary>
/// <param name="pattern">The regular expression.</param>
/// <param name="message">What is wrong and what to write, after the text itself.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TextFormAttribute(string pattern, string message) : ValidateEnumeratedArgumentsAttribute
{
    /// <inheritdoc/>
    protected override void ValidateElement(object element)
    {
        if (!Regex.IsMatch($"{element}", pattern, RegexOptions.CultureInvariant))
        {
            throw new ValidationMetadataException($"'{element}' {message}");
        }
    }
}
