namespace WaterMeters.Ml.Models.Tensors;

/// <summary>What a model file of any format holds.</summary>
internal sealed record StoredTensors
{
    /// <summary>Text beside the tensors.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>The floating-point tensors, as float32.</summary>
    public required IReadOnlyDictionary<string, WeightTensor> Tensors { get; init; }

    /// <summary>The int64 scalars, which count the batches that a BatchNorm has seen.</summary>
    public IReadOnlyDictionary<string, long> Counters { get; init; } = new Dictionary<string, long>();

    /// <summary>Names of the tensors of other types; their values are not read.</summary>
    public IReadOnlyList<string> Others { get; init; } = [];
}
