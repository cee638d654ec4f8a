using WaterMeters.Ops.Versioning.Contents;

namespace WaterMeters.Ops.Versioning.Stores;

/// <summary>An object is not in a store.</summary>
internal sealed class MissingObjectException(ObjectId id, string address, Exception? inner = null)
    : Exception($"'{address}' has no object {id}.", inner)
{
    /// <summary>The object.</summary>
    public ObjectId Id => id;
}
