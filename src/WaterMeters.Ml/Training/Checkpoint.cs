using System.Text.Json;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Models.Network;
using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Training;

/// <summary>
/// All that a training needs to continue from the end of an epoch; kept in memory for a setback, and on disk as one .safetensors file.
/// </summary>
internal sealed record Checkpoint
{
    /// <summary>Everything but the tensors.</summary>
    public required CheckpointState State { get; init; }

    /// <summary>The network's tensors.</summary>
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
    public bool IsFinite =>
        new[] { Network, Means, Squares, Average }.SelectMany(part => part.Values).All(t => UNetWeights.AllFinite(t.Values));

    /// <summary>Writes the file atomically.</summary>
    public void Write(string path)
    {
        var tensors = new Dictionary<string, WeightTensor>(StringComparer.Ordinal);
        foreach (var (prefix, part) in Parts())
        {
            foreach (var (name, tensor) in part) tensors.Add(prefix + name, tensor);
        }

        var metadata = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [ModelMetadata.TrainingStateKey] = JsonSerializer.Serialize(State, CheckpointState.Json),
        };
        SafeTensorsFile.Write(path, metadata, tensors, new Dictionary<string, long>());
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="ModelException">The file is missing, damaged, or not a checkpoint.</exception>
    public static Checkpoint Read(string path)
    {
        var file = SafeTensorsFile.Read(path);
        var checkpoint = new Checkpoint
        {
            State = ReadState(path, file.Metadata.GetValueOrDefault(ModelMetadata.TrainingStateKey, "null")),
            Network = Part("network."),
            Means = Part("mean."),
            Squares = Part("square."),
            Average = Part("average."),
            Best = Part("best."),
        };
        checkpoint.Check(path);
        return checkpoint;

        Dictionary<string, WeightTensor> Part(string prefix) => file.Tensors
            .Where(t => t.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(t => t.Key[prefix.Length..], t => t.Value, StringComparer.Ordinal);
    }

    /// <summary>Ensures that all tensors of the network in the options are there, before a training needs them.</summary>
    private void Check(string path)
    {
        int width = State.Options?.BaseChannels ?? throw Refused(path, null);
        var all = UNetLayout.Tensors(width).ToList();
        var trainable = all.Where(t => !UNetLayout.IsBuffer(t.Name)).ToList();
        bool complete = Fits(Network, all) && Fits(Means, trainable) && Fits(Squares, trainable)
            && (Average.Count == 0 || Fits(Average, all)) && (Best.Count == 0 || Fits(Best, all));
        if (!complete) throw Refused(path, null);

        static bool Fits(Dictionary<string, WeightTensor> part, IEnumerable<(string Name, long[] Shape)> layout) =>
            layout.All(t => part.TryGetValue(t.Name, out var tensor) && tensor.Shape.AsSpan().SequenceEqual(t.Shape));
    }

    private static CheckpointState ReadState(string path, string json)
    {
        JsonException? damage = null;
        try
        {
            if (JsonSerializer.Deserialize<CheckpointState>(json, CheckpointState.Json) is { } state) return state;
        }
        catch (JsonException e)
        {
            damage = e;
        }

        throw Refused(path, damage);
    }

    private static ModelException Refused(string path, Exception? damage) => new(
        path,
        $"Cannot resume from '{path}': it is damaged or not a training checkpoint. " +
        "Start a new run in another -OutputPath, or replace this one with -Force.",
        damage);

    private IEnumerable<(string Prefix, Dictionary<string, WeightTensor> Part)> Parts() =>
        [("network.", Network), ("mean.", Means), ("square.", Squares), ("average.", Average), ("best.", Best)];
}
