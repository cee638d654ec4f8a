using System.Globalization;
using System.Runtime.InteropServices;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Models.Network;
using WaterMeters.Ml.Models.Onnx;
using static WaterMeters.Ml.Models.Onnx.OnnxFields;

namespace WaterMeters.Fuzz;

/// <summary>
/// Writes the U-Net as other programs do: no metadata, BatchNorm as separate nodes, each up-sampling size computed from the shape of its
/// skip connection, larger tensors in a second file.
/// </summary>
internal sealed class ForeignOnnx
{
    private const int Inline = 256; // bytes up to which a tensor stays in the file itself

    private readonly OnnxMessage graph = new();
    private readonly MemoryStream data = new();
    private readonly string dataFile;
    private int names;

    private ForeignOnnx(string dataFile) => this.dataFile = dataFile;

    /// <summary>Returns the file and its data file.</summary>
    public static (byte[] File, byte[] Data) Write(SegmentationModel model, string dataFile)
    {
        var foreign = new ForeignOnnx(dataFile);
        foreign.Build(model);
        var file = new OnnxMessage()
            .Add(IrVersion, 8)
            .Add(ProducerName, "somebody")
            .Add(Graph, foreign.graph)
            .Add(OpsetImport, new OnnxMessage().Add(OpsetDomain, "").Add(OpsetVersion, 17));
        return (file.ToMemory().ToArray(), foreign.data.ToArray());
    }

    private void Build(SegmentationModel model)
    {
        var skips = new Stack<string>();
        string x = "x";
        for (int level = 1; level <= 4; level++)
        {
            skips.Push(x = Block($"enc{level}", x));
            x = Node("MaxPool", [x], Int("ceil_mode", 0), Ints("dilations", 1, 1), Ints("kernel_shape", 2, 2), Ints("pads", 0, 0, 0, 0),
                Ints("strides", 2, 2));
        }

        x = Block("bottleneck", x);
        for (int level = 4; level >= 1; level--)
        {
            string skip = skips.Pop();
            x = Node("Concat", [Upsample(x, skip), skip], Int("axis", 1));
            x = Block($"dec{level}", x);
        }

        x = Convolve("final", x, 1);
        foreach (var (name, tensor) in model.Weights)
        {
            Initializer(name, tensor.Shape, MemoryMarshal.AsBytes(tensor.Values.AsSpan()), Float32);
        }

        int size = model.Shape.InputSize;
        graph.Add(GraphName, "main_graph").Add(Input, Value("x", UNetShape.InputChannels, size))
            .Add(Output, Value(x, UNetShape.OutputChannels, size));
    }

    private string Block(string block, string x)
    {
        for (int half = 0; half < 2; half++)
        {
            string norm = FormattableString.Invariant($"{block}.{(3 * half) + 1}");
            x = Convolve(FormattableString.Invariant($"{block}.{3 * half}"), x, 3);
            x = Node("BatchNormalization", [x, norm + ".weight", norm + ".bias", norm + ".running_mean", norm + ".running_var"],
                Float("epsilon", 1e-5f), Float("momentum", 0.9f), Int("training_mode", 0));
            x = Node("Relu", [x]);
        }

        return x;
    }

    private string Convolve(string name, string x, int kernel) =>
        Node("Conv", [x, name + ".weight", name + ".bias"], Ints("dilations", 1, 1), Int("group", 1),
            Ints("kernel_shape", kernel, kernel), Ints("pads", kernel / 2, kernel / 2, kernel / 2, kernel / 2), Ints("strides", 1, 1));

    /// <summary>Adds interpolate(x, size=skip.shape[2:]) as torch.onnx.export writes it.</summary>
    private string Upsample(string x, string skip)
    {
        string Side(long axis) =>
            Node("Unsqueeze", [Node("Gather", [Node("Shape", [skip]), Constant([], axis)], Int("axis", 0)), Constant([1], 0)]);
        string sides = Node("Cast", [Node("Concat", [Side(2), Side(3)], Int("axis", 0))], Int("to", OnnxFields.Int64));
        string outer = Node("Slice", [Node("Shape", [x]), Constant([1], 0), Constant([1], 2), Constant([1], 0)]);
        string sizes = Node("Concat", [outer, sides], Int("axis", 0));
        return Node("Resize", [x, "", "", sizes], Text("coordinate_transformation_mode", "half_pixel"), Float("cubic_coeff_a", -0.75f),
            Text("mode", "linear"), Text("nearest_mode", "floor"));
    }

    private string Constant(long[] shape, long value) =>
        Node("Constant", [], new OnnxMessage().Add(AttributeName, "value")
            .Add(Tensor, Describe("", shape, OnnxFields.Int64).Add(RawData, BitConverter.GetBytes(value))).Add(AttributeType, TypeTensor));

    private string Node(string operation, string[] inputs, params OnnxMessage[] attributes)
    {
        string name = FormattableString.Invariant($"/{operation}_{names++}"), output = name + "_output_0";
        var node = new OnnxMessage();
        foreach (string input in inputs) node.Add(NodeInput, input);
        node.Add(NodeOutput, output).Add(NodeName, name).Add(OpType, operation);
        foreach (var attribute in attributes) node.Add(OnnxFields.Attribute, attribute);
        graph.Add(OnnxFields.Node, node);
        return output;
    }

    private void Initializer(string name, long[] shape, ReadOnlySpan<byte> numbers, int type)
    {
        var tensor = Describe(name, shape, type);
        if (numbers.Length <= Inline)
        {
            tensor.Add(RawData, numbers.ToArray());
        }
        else
        {
            foreach (var (key, value) in new[] { ("location", dataFile), ("offset", Text(data.Length)), ("length", Text(numbers.Length)) })
            {
                tensor.Add(ExternalData, new OnnxMessage().Add(EntryKey, key).Add(EntryValue, value));
            }

            tensor.Add(DataLocation, 1);
            data.Write(numbers);
        }

        graph.Add(OnnxFields.Initializer, tensor);

        static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
    }

    private static OnnxMessage Describe(string name, long[] shape, int type)
    {
        var tensor = new OnnxMessage();
        foreach (long n in shape) tensor.Add(Dims, n);
        return tensor.Add(DataType, type).Add(TensorName, name);
    }

    private static OnnxMessage Int(string name, long value) => new OnnxMessage().Add(AttributeName, name).Add(OnnxFields.Int, value)
        .Add(AttributeType, TypeInt);

    private static OnnxMessage Text(string name, string value) => new OnnxMessage().Add(AttributeName, name).Add(OnnxFields.Text, value)
        .Add(AttributeType, TypeString);

    private static OnnxMessage Float(string name, float value) => new OnnxMessage().Add(AttributeName, name).Add(OnnxFields.Float, value)
        .Add(AttributeType, TypeFloat);

    private static OnnxMessage Ints(string name, params ReadOnlySpan<long> values)
    {
        var attribute = new OnnxMessage().Add(AttributeName, name);
        foreach (long value in values) attribute.Add(OnnxFields.Ints, value);
        return attribute.Add(AttributeType, TypeInts);
    }

    private static OnnxMessage Value(string name, int channels, int size)
    {
        var shape = new OnnxMessage().Add(Dim, new OnnxMessage().Add(DimParam, "batch"));
        foreach (int n in new[] { channels, size, size }) shape.Add(Dim, new OnnxMessage().Add(DimValue, n));
        var tensor = new OnnxMessage().Add(OnnxFields.ElementType, Float32).Add(Shape, shape);
        return new OnnxMessage().Add(ValueName, name).Add(OnnxFields.ValueType, new OnnxMessage().Add(TensorType, tensor));
    }
}
