namespace WaterMeters.Ml.Settings;

/// <summary>Messages about a key that no setting has, with the known key that was probably meant.</summary>
internal static class UnknownKey
{
    private const int MostListed = 12;

    /// <summary>Returns the warning: the file, the ignored key, and the nearest known key or, when none is near, all of them.</summary>
    /// <param name="path">The settings file.</param>
    /// <param name="key">The unknown key.</param>
    /// <param name="known">The keys that are allowed in its place.</param>
    /// <param name="prefix">What comes before all these keys in the file, such as <c>gate.</c>.</param>
    public static string Warning(string path, string key, IReadOnlyCollection<string> known, string prefix = "") =>
        $"{path}: Unknown key '{prefix}{key}' ignored. {Suggestion(key, known, prefix)}";

    /// <summary>Returns the error message for a file that a gate reads, where an unknown key may be a misspelt limit.</summary>
    /// <inheritdoc cref="Warning"/>
    public static string Refusal(string path, string key, IReadOnlyCollection<string> known, string prefix) =>
        $"'{path}' has the unknown key '{prefix}{key}'. {Suggestion(key, known, prefix)} " +
        "Correct or remove it: a gate does not decide with settings it does not know.";

    /// <summary>Returns the nearest known key or, when none is near, all of them or where they are listed.</summary>
    private static string Suggestion(string key, IReadOnlyCollection<string> known, string prefix) =>
        Nearest(key, known) is { } nearest ? $"Did you mean '{prefix}{nearest}'?"
        : known.Count <= MostListed ? $"Known keys: {string.Join(", ", known.Select(name => prefix + name))}."
        : "See about_WaterMeters_Settings for the known keys.";

    /// <summary>
    /// Returns the known name with the smallest edit distance, ignoring case; null when every name differs in more than a third of its
    /// letters. Of equally near names it returns the first.
    /// </summary>
    public static string? Nearest(string name, IEnumerable<string> known) =>
        known.Select(candidate => (Name: candidate, Distance: EditDistance(name.ToUpperInvariant(), candidate.ToUpperInvariant())))
            .Where(candidate => candidate.Distance <= Math.Max(1, candidate.Name.Length / 3))
            .OrderBy(candidate => candidate.Distance)
            .Select(candidate => candidate.Name)
            .FirstOrDefault();

    /// <summary>
    /// Returns the number of letters to insert, delete, replace or swap with a neighbor (optimal string alignment: Boytsov, "Indexing
    /// methods for approximate dictionary searching", 2011).
    /// </summary>
    private static int EditDistance(string from, string to)
    {
        int[] beforeLast = [], last = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 1; i <= from.Length; i++)
        {
            int[] row = new int[to.Length + 1];
            row[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                row[j] = Math.Min(Math.Min(last[j], row[j - 1]) + 1, last[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1));
                bool swapped = i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
                if (swapped) row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
            }

            (beforeLast, last) = (last, row);
        }

        return last[to.Length];
    }
}
