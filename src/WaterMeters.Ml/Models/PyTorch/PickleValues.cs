namespace WaterMeters.Ml.Models.PyTorch;

/// <summary>The name of something in a Python module. Naming it does nothing.</summary>
internal sealed record PickleGlobal(string Module, string Name)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Module}.{Name}";
}

/// <summary>An object of a class that is not known and never run: what its pickle says of its state.</summary>
internal sealed class PickleObject(PickleGlobal type)
{
    /// <summary>The name of its class.</summary>
    public PickleGlobal Type => type;

    /// <summary>Its attributes, mostly.</summary>
    public object? State { get; set; }
}

/// <summary>A dict or an OrderedDict: pairs in the order they were set.</summary>
internal sealed class PickleDictionary
{
    private readonly List<(object? Key, object? Value)> pairs = [];

    /// <summary>The pairs.</summary>
    public IReadOnlyList<(object? Key, object? Value)> Pairs => pairs;

    /// <summary>Adds a pair; a later one of the same key counts.</summary>
    public void Set(object? key, object? value) => pairs.Add((key, value));

    /// <summary>The value of a text key; null when there is none.</summary>
    public object? Find(string key) => pairs.FindLast(p => p.Key is string name && name == key).Value;
}

/// <summary>A set, of which nobody asks what is in it but for names.</summary>
internal sealed record PickleSet(IReadOnlyList<object?> Items);
