using WaterMeters.Ops.Machines.Leases;

namespace WaterMeters.Ops.Tests.Machines.Leases;

/// <summary>
/// The contents of the object that a search has met, by number. What no rule reads is left out of them (the revision, which the search
/// keeps as "is it still the one in S3", and times for people), so that equal situations are one state.
/// </summary>
internal sealed class SearchDocuments
{
    private readonly Dictionary<string, ushort> numbers = [];
    private readonly List<LeaseDocument> documents = [];

    /// <summary>Creates the collection: number 0 stands for none, 1 is the object before its first writing.</summary>
    public SearchDocuments()
    {
        documents.Add(LeaseDocument.Empty);
        NumberOf(LeaseDocument.Empty);
    }

    public int Count => documents.Count - 1;

    public LeaseDocument this[ushort number] => documents[number];

    public ushort NumberOf(LeaseDocument document)
    {
        var machine = document.Machine;
        var plain = document with
        {
            Machine = machine with { Revision = 0, Seen = 0, Since = machine.IsStopping ? machine.Since : 0, By = "" },
            Leases = [.. document.Leases.Select(lease => lease with { Taken = 0 }).OrderBy(lease => lease.Id, StringComparer.Ordinal)],
        };
        string text = LeaseText.Format(plain);
        if (numbers.TryGetValue(text, out ushort number)) return number;
        number = checked((ushort)documents.Count);
        documents.Add(plain);
        return numbers[text] = number;
    }
}
