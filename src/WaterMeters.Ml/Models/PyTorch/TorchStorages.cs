using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Models.PyTorch;

/// <summary>The storages that a pickle names by its persistent ids.</summary>
internal sealed class TorchStorages
{
    // In bytes this still fits 63 bits.
    private const long MaxElements = long.MaxValue >> 4;

    private readonly Dictionary<string, TorchStorage> storages = new(StringComparer.Ordinal);

    /// <summary>All storages named so far.</summary>
    public IReadOnlyDictionary<string, TorchStorage> All => storages;

    /// <summary>
    /// What a persistent id stands for: ("storage", class, key, location, elements), in the old format with a sixth element, None
    /// or (key, first element, elements) of a part; or there ("module", class, file, source), which is the class.
    /// </summary>
    public object Resolve(object? id)
    {
        switch (id)
        {
            case object?[] and ["module", PickleGlobal type, ..]:
                return type;
            case object?[] and ["storage", PickleGlobal type, string key, string, long count, .. var rest]:
                if (count is < 0 or > MaxElements) throw new InvalidDataException($"its storage '{ModelRefusedException.Shown(key)}' claims {count} elements");
                var element = TorchGlobals.StorageType(type) ?? throw new ModelRefusedException($"its storage '{ModelRefusedException.Shown(key)}' is a '{type}', whose numbers are no weights of a network. Save a state_dict of plain tensors.");
                var storage = Storage(key, element, count);
                return rest switch
                {
                    [] or [null] => new TorchSlice(storage, 0, count),
                    [object?[] and [string, long begin, long length]] when begin >= 0 && length >= 0 && begin <= count - length => new TorchSlice(storage, begin, length),
                    _ => throw Unfit(),
                };
            default:
                throw Unfit();
        }
    }

    /// <summary>The storage of a key, new or the one it named before.</summary>
    public TorchStorage Storage(string key, ElementType type, long count)
    {
        if (!storages.TryGetValue(key, out var storage)) storages.Add(key, storage = new TorchStorage(key, type, count));
        return storage.Type == type && storage.Count == count
            ? storage
            : throw new InvalidDataException($"its storage '{ModelRefusedException.Shown(key)}' is {storage.Count} elements of {storage.Type} at one place and {count} of {type} at another");
    }

    private static InvalidDataException Unfit() => new("its pickle names something by a persistent id that is no storage");
}
