using System.Collections.Immutable;

namespace WaterMeters.Ops.Machines.Leases;

/// <summary>
/// The lease object of a machine: what it says of the machine, and the leases. Immutable; every change is a new document with the next
/// <see cref="MachineRecord.Revision"/>.
/// </summary>
internal sealed record LeaseDocument
{
    /// <summary>The document of a machine that nobody has used.</summary>
    public static LeaseDocument Empty { get; } = new();

    /// <summary>What it says of the machine.</summary>
    public MachineRecord Machine { get; init; } = new();

    /// <summary>The leases, each identifier once, in the order in which they were taken.</summary>
    public ImmutableArray<Lease> Leases { get; init; } = [];

    /// <summary>Lines of a newer version of the module, unread and kept.</summary>
    public ImmutableArray<string> Others { get; init; } = [];

    /// <summary>Returns the lease of an identifier; null when there is none.</summary>
    public Lease? Find(string id) => Leases.FirstOrDefault(lease => lease.Id == id);

    /// <summary>Returns the document without the lease of an identifier.</summary>
    public LeaseDocument Without(string id) => this with { Leases = [.. Leases.Where(lease => lease.Id != id)] };

    /// <summary>Returns the document with a lease, in place of the one with the same identifier.</summary>
    public LeaseDocument With(Lease lease)
    {
        int at = Leases.IndexOf(Find(lease.Id)!);
        return this with { Leases = at < 0 ? Leases.Add(lease) : Leases.SetItem(at, lease) };
    }

    /// <summary>Returns the document to write, with the next revision.</summary>
    public LeaseDocument Next() => this with { Machine = Machine with { Revision = Machine.Revision + 1 } };
}
