using WaterMeters.Ml.Datasets.Splits;

namespace WaterMeters.Ml.Datasets.Merging;

/// <summary>
/// The split overrides of a source that go with its photos. A photo that resembles another, or was set aside because of one, stays so in
/// the destination, also if the other one is not copied: models were trained with that split, and what they have seen follows from it.
/// </summary>
internal static class CarriedOverrides
{
    /// <summary>Returns the overrides to store for a photo that is new in the destination.</summary>
    /// <param name="hash">SHA-256 of the photo's file.</param>
    /// <param name="source">The overrides stored in the source, by the original file of their photo.</param>
    /// <param name="rule">Knows the repairs of source and destination, which make several files one photo.</param>
    /// <param name="isKnown">
    /// Whether the destination has a photo, by its original file: its part is decided there, so nothing beyond it is carried.
    /// </param>
    public static IReadOnlyList<SplitOverride> For(
        string hash, ILookup<string, SplitOverride> source, SplitRule rule, Func<string, bool> isKnown)
    {
        var carried = new List<SplitOverride>();
        var reached = new HashSet<string>(StringComparer.Ordinal) { rule.Origin(hash) };
        var open = new Queue<string>(reached);
        while (open.TryDequeue(out string? photo))
        {
            foreach (var stored in source[photo])
            {
                carried.Add(stored);
                string other = rule.Origin(stored.Other);
                if (stored.Reason != SplitReason.Repaired && !isKnown(other) && reached.Add(other)) open.Enqueue(other);
            }
        }

        return carried;
    }
}
