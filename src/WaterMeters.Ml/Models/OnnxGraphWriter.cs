using System.Runtime.InteropServices;
using WaterMeters.Ml.Models.Network;
using WaterMeters.Ml.Models.Onnx;
using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Models;

/// <summary>
/// Writes the U-Net as an ONNX model: IR version 8, opset 17, input <c>input</c> [N, 3, S, S] in 0..1, output <c>logits</c> [N, 1, S, S],
/// any batch size N, BatchNorm folded. Convolutions have their state_dict names (<c>enc1.0</c>); the model's metadata are in
/// metadata_props.
/// </summary>
internal static class OnnxGraphWriter
{
    /// <summary>Names of input and output.</summary>
    public const string InputName = "input", OutputName = "logits";

    private const int IrVersion = 8, OpsetVersion = 17;

    /// <summary>Returns the ONNX file of a model.</summary>
    /// <param name="model">The model, with weights.</param>
    /// <param name="size">The input size, pixels.</param>
    public static ReadOnlyMemory<byte> Write(SegmentationModel model, int size)
    {
        var file = new OnnxMessage()
            .Add(OnnxFields.IrVersion, IrVersion)
            .Add(OnnxFields.ProducerName, "WaterMeters");
        if (model.ModuleVersion is { } version) file.Add(OnnxFields.ProducerVersion, version);
        file.Add(OnnxFields.Graph, Graph(model, size))
            .Add(OnnxFields.OpsetImport, new OnnxMessage().Add(OnnxFields.OpsetVersion, OpsetVersion));
        foreach (var (key, value) in ModelMetadata.Write(model))
        {
            file.Add(OnnxFields.MetadataProps, new OnnxMessage().Add(OnnxFields.EntryKey, key).Add(OnnxFields.EntryValue, value));
        }

        return file.ToMemory();
    }

    private static OnnxMessage Graph(SegmentationModel model, int size)
    {
        var graph = new OnnxMessage();
        var skips = new Stack<string>();
        string x = InputName;
        for (int level = 1; level <= 4; level++)
        {
            x = Block(graph, $"enc{level}", x);
            skips.Push(x);
            x = Node(graph, "MaxPool", $"pool{level}", [x], Ints("kernel_shape", 2, 2), Ints("strides", 2, 2));
        }

        x = Block(graph, "bottleneck", x);
        for (int level = 4; level >= 1; level--)
        {
            // half_pixel is align_corners=false in PyTorch. The empty input is the region of interest, which is not used.
            x = Node(
                graph, "Resize", $"up{level}", [x, "", "twice"],
                Text("mode", "linear"), Text("coordinate_transformation_mode", "half_pixel"));
            x = Node(graph, "Concat", $"cat{level}", [x, skips.Pop()], Int("axis", 1));
            x = Block(graph, $"dec{level}", x);
        }

        Node(graph, "Conv", OutputName, [x, "final.weight", "final.bias"], Ints("kernel_shape", 1, 1));
        graph.Add(OnnxFields.GraphName, UNetShape.Architecture);
        graph.Add(OnnxFields.Initializer, Tensor("twice", new WeightTensor([4], [1, 1, 2, 2])));
        foreach (var (name, (weight, bias)) in new FoldedWeights(model.Shape.BaseChannels, model.Weights).Convolutions)
        {
            graph.Add(OnnxFields.Initializer, Tensor(name + ".weight", weight)).Add(OnnxFields.Initializer, Tensor(name + ".bias", bias));
        }

        return graph
            .Add(OnnxFields.Input, Value(InputName, UNetShape.InputChannels, size))
            .Add(OnnxFields.Output, Value(OutputName, UNetShape.OutputChannels, size));
    }

    private static string Block(OnnxMessage graph, string block, string x)
    {
        foreach (string conv in new[] { block + ".0", block + ".3" })
        {
            x = Node(graph, "Conv", conv, [x, conv + ".weight", conv + ".bias"], Ints("kernel_shape", 3, 3), Ints("pads", 1, 1, 1, 1));
            x = Node(graph, "Relu", conv + ".relu", [x]);
        }

        return x;
    }

    /// <summary>Adds a node; its output has the same name.</summary>
    private static string Node(OnnxMessage graph, string operation, string name, string[] inputs, params OnnxMessage[] attributes)
    {
        var node = new OnnxMessage();
        foreach (string input in inputs) node.Add(OnnxFields.NodeInput, input);
        node.Add(OnnxFields.NodeOutput, name).Add(OnnxFields.NodeName, name).Add(OnnxFields.OpType, operation);
        foreach (var attribute in attributes) node.Add(OnnxFields.Attribute, attribute);
        graph.Add(OnnxFields.Node, node);
        return name;
    }

    private static OnnxMessage Ints(string name, params ReadOnlySpan<long> values)
    {
        var attribute = new OnnxMessage().Add(OnnxFields.AttributeName, name);
        foreach (long value in values) attribute.Add(OnnxFields.Ints, value);
        return attribute.Add(OnnxFields.AttributeType, OnnxFields.TypeInts);
    }

    private static OnnxMessage Int(string name, long value) =>
        new OnnxMessage().Add(OnnxFields.AttributeName, name).Add(OnnxFields.Int, value).Add(OnnxFields.AttributeType, OnnxFields.TypeInt);

    private static OnnxMessage Text(string name, string value) =>
        new OnnxMessage().Add(OnnxFields.AttributeName, name).Add(OnnxFields.Text, value)
            .Add(OnnxFields.AttributeType, OnnxFields.TypeString);

    private static OnnxMessage Tensor(string name, WeightTensor tensor)
    {
        var message = new OnnxMessage();
        foreach (long n in tensor.Shape) message.Add(OnnxFields.Dims, n);
        message.Add(OnnxFields.DataType, OnnxFields.Float32).Add(OnnxFields.TensorName, name);

        // ONNX requires little-endian bytes, the byte order of every platform of this module.
        return message.Add(OnnxFields.RawData, MemoryMarshal.AsBytes(tensor.Values.AsSpan()).ToArray());
    }

    private static OnnxMessage Value(string name, int channels, int size)
    {
        var shape = new OnnxMessage().Add(OnnxFields.Dim, new OnnxMessage().Add(OnnxFields.DimParam, "N"));
        foreach (int n in new[] { channels, size, size }) shape.Add(OnnxFields.Dim, new OnnxMessage().Add(OnnxFields.DimValue, n));
        var tensor = new OnnxMessage().Add(OnnxFields.ElementType, OnnxFields.Float32).Add(OnnxFields.Shape, shape);
        return new OnnxMessage().Add(OnnxFields.ValueName, name)
            .Add(OnnxFields.ValueType, new OnnxMessage().Add(OnnxFields.TensorType, tensor));
    }
}
