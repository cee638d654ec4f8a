namespace WaterMeters.Ml.Models.Tensors;

/// <summary>The content of a model file of any format.</summary>
internal sealed record StoredTensors
{
    /// <summary>The metadata.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>The floating-point tensors, as float32.</summary>
    public required IReadOnlyDictionary<string, WeightTensor> Tensors { get; init; }

    /// <summary>The int64 scalars: the number of batches that each BatchNorm has seen.</summary>
    public IReadOnlyDictionary<string, long> Counters { get; init; } = new Dictionary<string, long>();

    /// <summary>The names of tensors of other types, whose values are not read.</summary>
    public IReadOnlyList<string> Others { get; init; } = [];
}

/// <summary>What a model file says of its tensors before their values are read.</summary>
internal sealed record StoredHeader
{
    /// <summary>The metadata.</summary>
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    /// <summary>The floating-point tensors: name and sizes of the dimensions.</summary>
    public required IReadOnlyList<(string Name, long[] Shape)> Tensors { get; init; }

    /// <summary>A sentence about a choice that the reader made among several sets of weights; null when there was none.</summary>
    public string? Choice { get; init; }
}

/// <summary>
/// Checks the header of a file, so that one of gigabytes is refused before its values are read, and returns the name under which each of
/// its tensors is kept.
/// </summary>
internal delegate Func<string, string> HeaderCheck(StoredHeader header);
