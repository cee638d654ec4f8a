using System.Runtime.InteropServices;
using WaterMeters.Ml.Models.Onnx;
using static WaterMeters.Ml.Models.Onnx.OnnxFields;

namespace WaterMeters.Ml.Tests.Models.Onnx;

/// <summary>Builds an ONNX file: a convolution of the image [1, 3, 32, 32] to "c" [1, 1, 32, 32], and the nodes added behind it.</summary>
internal sealed class SmallOnnx
{
    private const int Size = 32;
    private readonly OnnxMessage graph = new();

    public SmallOnnx(float weight = 8, float bias = -12)
    {
        Node("Conv", ["input", "w", "b"], "c");
        Tensor("w", [1, 3, 1, 1], [weight, weight, weight]);
        Tensor("b", [1], [bias]);
    }

    /// <summary>Adds a tensor of float32 numbers.</summary>
    public SmallOnnx Tensor(string name, long[] shape, params float[] values) =>
        Add(Initializer, Describe(name, shape, Float32).Add(RawData, MemoryMarshal.AsBytes(values.AsSpan()).ToArray()));

    /// <summary>Adds a tensor of int64 numbers.</summary>
    public SmallOnnx Sizes(string name, params long[] values) => Add(
        Initializer, Describe(name, [values.Length], OnnxFields.Int64).Add(RawData, MemoryMarshal.AsBytes(values.AsSpan()).ToArray()));

    /// <summary>Adds a tensor whose data are in another file.</summary>
    public SmallOnnx External(string name, long[] shape, string file, long offset = 0)
    {
        var tensor = Describe(name, shape, Float32).Add(DataLocation, 1);
        foreach (var (key, value) in new[] { ("location", file), ("offset", $"{offset}") })
        {
            tensor.Add(ExternalData, new OnnxMessage().Add(EntryKey, key).Add(EntryValue, value));
        }

        return Add(Initializer, tensor);
    }

    /// <summary>Adds a node.</summary>
    public SmallOnnx Node(string operation, string[] inputs, string output, params (string Name, long Value)[] attributes)
    {
        var node = new OnnxMessage();
        foreach (string input in inputs) node.Add(NodeInput, input);
        node.Add(NodeOutput, output).Add(OpType, operation);
        foreach (var (name, value) in attributes)
        {
            node.Add(OnnxFields.Attribute, new OnnxMessage().Add(AttributeName, name).Add(Int, value).Add(AttributeType, TypeInt));
        }

        return Add(OnnxFields.Node, node);
    }

    /// <summary>Writes the file with this output.</summary>
    public void Write(string path, string output) => File.WriteAllBytes(path, new OnnxMessage()
        .Add(IrVersion, 8)
        .Add(Graph, graph.Add(Input, Image("input", 3)).Add(Output, Image(output, 1)))
        .Add(OpsetImport, new OnnxMessage().Add(OpsetVersion, 17))
        .ToMemory().ToArray());

    private SmallOnnx Add(int field, OnnxMessage message)
    {
        graph.Add(field, message);
        return this;
    }

    private static OnnxMessage Describe(string name, long[] shape, int type)
    {
        var tensor = new OnnxMessage();
        foreach (long n in shape) tensor.Add(Dims, n);
        return tensor.Add(DataType, type).Add(TensorName, name);
    }

    private static OnnxMessage Image(string name, int channels)
    {
        var shape = new OnnxMessage();
        foreach (int n in new[] { 1, channels, Size, Size }) shape.Add(Dim, new OnnxMessage().Add(DimValue, n));
        var tensor = new OnnxMessage().Add(ElementType, Float32).Add(Shape, shape);
        return new OnnxMessage().Add(ValueName, name).Add(OnnxFields.ValueType, new OnnxMessage().Add(TensorType, tensor));
    }
}
