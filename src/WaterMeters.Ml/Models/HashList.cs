using System.Collections;

namespace WaterMeters.Ml.Models;

/// <summary>
/// SHA-256 hashes in the form of a model file: 64 hexadecimal digits each, separated by spaces. Substrings are made on demand.
/// </summary>
internal sealed class HashList : IReadOnlyList<string>
{
    private const int Digits = 64;
    private readonly string text;

    private HashList(string text) => this.text = text;

    /// <inheritdoc/>
    public int Count => (text.Length + 1) / (Digits + 1);

    /// <inheritdoc/>
    public string this[int index] => text.Substring(index * (Digits + 1), Digits);

    /// <summary>Parses a text; null when it is not a list of hashes.</summary>
    public static HashList? Parse(string text)
    {
        if (text.Length > 0 && (text.Length + 1) % (Digits + 1) != 0) return null;
        for (int i = 0; i < text.Length; i++)
        {
            if (i % (Digits + 1) == Digits ? text[i] != ' ' : !char.IsAsciiHexDigit(text[i])) return null;
        }

        return new HashList(text);
    }

    /// <inheritdoc/>
    public IEnumerator<string> GetEnumerator()
    {
        for (int i = 0; i < Count; i++) yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
