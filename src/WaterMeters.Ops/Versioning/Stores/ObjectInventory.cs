using WaterMeters.Ops.Versioning.Contents;

namespace WaterMeters.Ops.Versioning.Stores;

/// <summary>The objects that a store has, with their sizes.</summary>
internal sealed class ObjectInventory
{
    private readonly Dictionary<ContentHash, (long Size, bool IsVerified)> files, listings = [];

    /// <summary>Creates an inventory without objects.</summary>
    /// <param name="capacity">How many files are expected.</param>
    public ObjectInventory(int capacity = 0) => files = new(capacity);

    /// <summary>Whether an object that is not in the inventory is not in the store; otherwise only those asked for are known.</summary>
    public bool IsComplete { get; init; }

    /// <summary>Number of objects.</summary>
    public int Count => files.Count + listings.Count;

    /// <summary>Adds an object.</summary>
    /// <param name="id">The object.</param>
    /// <param name="size">Its bytes.</param>
    /// <param name="isVerified">Whether the store has computed the hash of its content.</param>
    public void Add(ObjectId id, long size, bool isVerified = false) => (id.IsListing ? listings : files)[id.Hash] = (size, isVerified);

    /// <summary>Returns the size of an object; null if it is not there.</summary>
    public long? SizeOf(ObjectId id) => (id.IsListing ? listings : files).TryGetValue(id.Hash, out var found) ? found.Size : null;

    /// <summary>Returns whether an object is there, with the right size if that is known.</summary>
    public bool Has(ObjectId id, long? size = null) => SizeOf(id) is { } found && (size is null || size == found);

    /// <summary>Returns whether the store has computed the hash of an object's content.</summary>
    public bool IsVerified(ObjectId id) => (id.IsListing ? listings : files).TryGetValue(id.Hash, out var found) && found.IsVerified;
}
