using System.Text.Json;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Models.Network;
using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Training;

/// <summary>Everything a training needs to go on from the end of an epoch; kept in memory for a way back, and on disk as one .safetensors file.</summary>
internal sealed record Checkpoint
{
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

        var text = new Dictionary<string, string>(StringComparer.Ordinal) { [ModelMetadata.TrainingStateKey] = JsonSerializer.Serialize(State, TrainingState.Json) };
        SafeTensorsFile.Write(path, text, tensors, new Dictionary<string, long>());
    }

    /// <summary>Reads one.</summary>
    /// <exception cref="ModelException">It is not there, damaged, or no checkpoint.</exception>
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

    /// <summary>The tensors must be those of the network that the options name, so that none is missed in the middle of a training.</summary>
    private void Check(string path)
    {
        int width = State.Options?.BaseChannels ?? throw Refused(path, null);
        var learnt = UNetLayout.Tensors(width).Where(t => !UNetLayout.IsBuffer(t.Name)).ToList();
        bool whole = Fits(Network, UNetLayout.Tensors(width)) && Fits(Means, learnt) && Fits(Squares, learnt)
            && (Average.Count == 0 || Fits(Average, UNetLayout.Tensors(width))) && (Best.Count == 0 || Fits(Best, UNetLayout.Tensors(width)));
        if (!whole) throw Refused(path, null);

        static bool Fits(Dictionary<string, WeightTensor> part, IEnumerable<(string Name, long[] Shape)> layout) =>
            layout.All(t => part.TryGetValue(t.Name, out var tensor) && tensor.Shape.AsSpan().SequenceEqual(t.Shape));
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

        throw Refused(path, damage);
    }

    private static ModelException Refused(string path, Exception? damage) =>
        new(path, $"'{path}' is no whole checkpoint of a training, so nothing can go on from it. Start a new run in another -OutputPath, or replace this one with -Force.", damage);

    private IEnumerable<(string Prefix, Dictionary<string, WeightTensor> Part)> Parts() =>
        [("network.", Network), ("mean.", Means), ("square.", Squares), ("average.", Average), ("best.", Best)];
}
