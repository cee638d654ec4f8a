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
