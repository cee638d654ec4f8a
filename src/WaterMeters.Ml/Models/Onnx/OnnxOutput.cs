namespace WaterMeters.Ml.Models.Onnx;

/// <summary>
/// Tells from a graph whether its output are logits. Probabilities lie above the threshold of logits, so that a network with a Sigmoid at
/// its end would make every pixel foreground. It does not matter what follows the Sigmoid as long as larger stays larger.
/// </summary>
internal sealed class OnnxOutput
{
    // These only rename, convert or rearrange the values.
    private static readonly HashSet<string> Transparent =
        ["Identity", "Cast", "Dropout", "Reshape", "Squeeze", "Unsqueeze", "QuantizeLinear", "DequantizeLinear"];

    // These keep the order of the values, or average them, but may shift them across the threshold.
    private static readonly HashSet<string> Monotone =
    [
        "Add", "AveragePool", "BatchNormalization", "Clip", "Div", "Elu", "HardSwish", "LeakyRelu", "Max", "MaxPool", "Min", "Mul",
        "PRelu", "Relu", "Resize", "Sub",
    ];

    private readonly Dictionary<string, OnnxNode> producers = new(StringComparer.Ordinal);
    private readonly HashSet<string> constants;
    private readonly OnnxGraph graph;

    private OnnxOutput(OnnxGraph graph)
    {
        this.graph = graph;
        constants = [.. graph.Initializers.Keys];
        foreach (var node in graph.Nodes)
        {
            producers.TryAdd(node.Outputs[0], node);
            if (node.Inputs.All(i => i.Length == 0 || constants.Contains(i))) constants.Add(node.Outputs[0]);
        }
    }

    /// <summary>Checks the end of a graph.</summary>
    /// <param name="graph">The graph, whose nodes have outputs and come after the nodes that they need.</param>
    /// <param name="output">The name of its output.</param>
    /// <returns>Whether the output are logits; otherwise only its values can tell.</returns>
    /// <exception cref="InvalidDataException">No node produces the output, or it is bounded: probabilities or a Tanh.</exception>
    public static bool IsLogits(OnnxGraph graph, string output) => new OnnxOutput(graph).Check(output);

    private bool Check(string output)
    {
        var last = producers.GetValueOrDefault(output)
            ?? throw new InvalidDataException($"no node produces its output '{output}', so it is the same for every photo");
        bool certain = true;
        var after = new List<string>();
        for (int steps = 0; steps < graph.Nodes.Count; steps++)
        {
            switch (last.Operation)
            {
                case "Sigmoid" or "HardSigmoid":
                    throw new InvalidDataException(
                        $"it ends with a {last.Operation}{After()}, so it gives probabilities; logits are needed");
                case "Tanh":
                    throw new InvalidDataException($"it ends with a Tanh{After()}, so its values are limited; logits are needed");
                case "Conv" when InputChannels(last) is > 1:
                    return certain;
                case "Conv" when InputChannels(last) == 1:
                    certain = false; // an affine function, or a blur
                    break;
                case var operation when Transparent.Contains(operation):
                    break;
                case var operation when Monotone.Contains(operation):
                    after.Insert(0, operation);
                    certain = false;
                    break;
                default:
                    return false;
            }

            string[] inputs = [.. last.Inputs.Where(i => i.Length > 0 && !constants.Contains(i)).Distinct(StringComparer.Ordinal)];

            // A product of two branches, as in an attention gate, or a constant.
            if (inputs.Length != 1 || !producers.TryGetValue(inputs[0], out var before)) return false;
            last = before;
        }

        return false;

        string After() => after.Count == 0 ? "" : $", and then {string.Join(", ", after.Take(4))}";
    }

    private long? InputChannels(OnnxNode conv) =>
        conv.Inputs.Count > 1 && graph.Initializers.TryGetValue(conv.Inputs[1], out var weight) && weight.Shape.Length == 4
            ? weight.Shape[1]
            : null;
}
