using WaterMeters.Ops.Versioning.Contents;
using WaterMeters.Ops.Versioning.Repositories;
using WaterMeters.Ops.Versioning.Stores;

namespace WaterMeters.Ops.Versioning;

/// <summary>A remote that is published to, and what it holds.</summary>
/// <param name="settings">Where it is.</param>
/// <param name="store">Its objects.</param>
/// <param name="layout">Where they are in it.</param>
internal sealed class PublishRemote(RemoteSettings settings, IObjectStore store, ObjectLayout layout) : IDisposable
{
    /// <summary>Where it is.</summary>
    public RemoteSettings Settings => settings;

    /// <summary>Its objects.</summary>
    public IObjectStore Store => store;

    /// <summary>Where they are in it.</summary>
    public ObjectLayout Layout => layout;

    /// <summary>What it holds.</summary>
    public ObjectInventory Inventory { get; set; } = new();

    /// <summary>Objects in it whose content has another hash.</summary>
    public HashSet<ObjectId> Damaged { get; } = [];

    /// <summary>Returns whether it has an intact object, as far as that is known.</summary>
    public bool Has(ObjectId id, long? size = null) => Inventory.Has(id, size) && !Damaged.Contains(id);

    /// <inheritdoc/>
    public void Dispose() => store.Dispose();
}
