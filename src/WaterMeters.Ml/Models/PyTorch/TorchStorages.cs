using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Models.PyTorch;

/// <summary>The storages that a pickle refers to by persistent ids.</summary>
internal sealed class TorchStorages
{
    // The size in bytes still fits 63 bits.
    private const long MaxElements = long.MaxValue >> 4;

    private readonly Dictionary<string, TorchStorage> storages = new(StringComparer.Ordinal);

    /// <summary>All storages so far, by key.</summary>
    public IReadOnlyDictionary<string, TorchStorage> All => storages;

    /// <summary>
    /// Resolves a persistent id: ("storage", class, key, location, elements). In the format before PyTorch 1.6 it has a sixth element, None
    /// or (key, first element, elements) of a part, or is ("module", class, file, source), which resolves to the class.
    /// </summary>
    public object Resolve(object? id)
    {
        switch (id)
        {
            case object?[] and ["module", PickleGlobal type, ..]:
                return type;
            case object?[] and ["storage", PickleGlobal type, string key, string, long count, .. var rest]:
                string shown = ModelRefusedException.ForMessage(key);
                if (count is < 0 or > MaxElements) throw new InvalidDataException($"its storage '{shown}' claims {count} elements");
                var element = TorchGlobals.StorageType(type) ?? throw new ModelRefusedException(
                    $"its storage '{shown}' is a '{type}', which cannot contain network weights. Save a state_dict of plain tensors.");
                var storage = Storage(key, element, count);
                return rest switch
                {
                    [] or [null] => new TorchSlice(storage, 0, count),
                    [object?[] and [string, long begin, long length]] when begin >= 0 && length >= 0 && begin <= count - length =>
                        new TorchSlice(storage, begin, length),
                    _ => throw NotAStorage(),
                };
            default:
                throw NotAStorage();
        }
    }

    /// <summary>Returns the storage of a key, created on first use.</summary>
    public TorchStorage Storage(string key, ElementType type, long count)
    {
        if (!storages.TryGetValue(key, out var storage)) storages.Add(key, storage = new TorchStorage(key, type, count));
        return storage.Type == type && storage.Count == count
            ? storage
            : throw new InvalidDataException(
                $"its storage '{ModelRefusedException.ForMessage(key)}' is declared with {storage.Count} elements of {storage.Type} " +
                $"and with {count} of {type}");
    }

    private static InvalidDataException NotAStorage() => new("its pickle has a persistent id that is not a storage");
}
