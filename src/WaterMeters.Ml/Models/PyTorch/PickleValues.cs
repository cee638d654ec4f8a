namespace WaterMeters.Ml.Models.PyTorch;

/// <summary>The name of an item in a Python module; the item itself is never loaded.</summary>
internal sealed record PickleGlobal(string Module, string Name)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Module}.{Name}";
}

/// <summary>An object of an unknown class, which is never run: only its pickled state.</summary>
internal sealed class PickleObject(PickleGlobal type)
{
    /// <summary>The name of its class.</summary>
    public PickleGlobal Type => type;

    /// <summary>Its state, usually a dict of attributes.</summary>
    public object? State { get; set; }
}

/// <summary>A dict or an OrderedDict, with its pairs in insertion order.</summary>
internal sealed class PickleDictionary
{
    private readonly List<(object? Key, object? Value)> pairs = [];

    /// <summary>The pairs.</summary>
    public IReadOnlyList<(object? Key, object? Value)> Pairs => pairs;

    /// <summary>Adds a pair; the last one with the same key counts.</summary>
    public void Set(object? key, object? value) => pairs.Add((key, value));

    /// <summary>Returns the value of a text key; null when there is none.</summary>
    public object? Find(string key) => pairs.FindLast(p => p.Key is string name && name == key).Value;
}

/// <summary>A set; only the names in it are used.</summary>
internal sealed record PickleSet(IReadOnlyList<object?> Items);
