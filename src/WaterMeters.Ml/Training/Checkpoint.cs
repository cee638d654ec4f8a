using System.Text.Json;
using WaterMeters.Ml.Models;

namespace WaterMeters.Ml.Training;

/// <summary>Everything a training needs to go on from the end of an epoch; kept in memory for a way back, and on disk as one .safetensors file.</summary>
internal sealed record Checkpoint
{
    private const string StateKey = "watermeters.training_state";

    /// <summary>The numbers beside the tensors.</summary>
    public required TrainingState State { get; init; }

    /// <summary>The network.</summary>
    public required Dictionary<string, WeightTensor> Network { get; init; }

    /// <summary>The optimizer's first moments.</summary>
    public required Dictionary<string, WeightTensor> Means { get; init; }

    /// <summary>The optimizer's second moments.</summary>
    public required Dictionary<string, WeightTensor> Squares { get; init; }

    /// <summary>The average of the network's tensors; empty when none is kept.</summary>
    public required Dictionary<string, WeightTensor> Average { get; init; }

    /// <summary>The model of the best epoch; empty before the first.</summary>
    public required Dictionary<string, WeightTensor> Best { get; init; }

    /// <summary>Whether every number is finite.</summary>
    public bool IsFinite => new[] { Network, Means, Squares, Average }.SelectMany(part => part.Values).All(t => UNetWeights.AllFinite(t.Values));

    /// <summary>Writes it, as a whole or not at all.</summary>
    public void Write(string path)
    {
        var tensors = new Dictionary<string, WeightTensor>(StringComparer.Ordinal);
        foreach (var (prefix, part) in Parts())
        {
            foreach (var (name, tensor) in part) tensors.Add(prefix + name, tensor);
        }

        var text = new Dictionary<string, string>(StringComparer.Ordinal) { [StateKey] = JsonSerializer.Serialize(State, TrainingState.Json) };
        SafeTensorsFile.Write(path, text, tensors, []);
    }

    /// <summary>Reads one.</summary>
    /// <exception cref="ModelException">It is not there, damaged, or no checkpoint.</exception>
    public static Checkpoint Read(string path)
    {
        var file = SafeTensorsFile.Read(path);
        return new Checkpoint
        {
            State = ReadState(path, file.Metadata.GetValueOrDefault(StateKey, "null")),
            Network = Part("network."),
            Means = Part("mean."),
            Squares = Part("square."),
            Average = Part("average."),
            Best = Part("best."),
        };

        Dictionary<string, WeightTensor> Part(string prefix) => file.Tensors
            .Where(t => t.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(t => t.Key[prefix.Length..], t => t.Value, StringComparer.Ordinal);
    }

    private static TrainingState ReadState(string path, string json)
    {
        JsonException? damage = null;
        try
        {
            if (JsonSerializer.Deserialize<TrainingState>(json, TrainingState.Json) is { } state) return state;
        }
        catch (JsonException e)
        {
            damage = e;
        }

        throw new ModelException(path, $"'{path}' is no checkpoint of a training. Name the checkpoint.safetensors in a run's folder.", damage);
    }

    private IEnumerable<(string Prefix, Dictionary<string, WeightTensor> Part)> Parts() =>
        [("network.", Network), ("mean.", Means), ("square.", Squares), ("average.", Average), ("best.", Best)];
}
