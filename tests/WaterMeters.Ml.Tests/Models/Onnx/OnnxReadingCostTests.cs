using WaterMeters.Fuzz;
using WaterMeters.Ml.Models.Onnx;
using static WaterMeters.Ml.Models.Onnx.OnnxFields;

namespace WaterMeters.Ml.Tests.Models.Onnx;

/// <summary>
/// Reads ONNX files crafted to be expensive. A <see cref="Trial"/> fails when one costs more than twice its length plus 64 MB.
/// </summary>
public sealed class OnnxReadingCostTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("empty nodes")]
    [InlineData("inputs of one letter")]
    [InlineData("long names")]
    [InlineData("attributes")]
    [InlineData("one attribute over and over")]
    [InlineData("numbers")]
    [InlineData("empty tensors")]
    [InlineData("metadata")]
    public void Reads_many_small_items_that_become_objects(string what)
    {
        const int Many = 1_000_000;
        byte[] unit = what switch
        {
            "empty nodes" => Graphed(OnnxFields.Node, []),
            "inputs of one letter" => Graphed(OnnxFields.Node, Repeat(new ProtobufField(NodeInput, "a"u8.ToArray()), 64)),
            "long names" => Graphed(OnnxFields.Node, Repeat(new ProtobufField(NodeInput, new byte[500]), 60)),
            "attributes" => Graphed(OnnxFields.Node, ProtobufField.Write(Enumerable.Range(0, 30).Select(AttributeOfInts))),
            "one attribute over and over" => Graphed(
                OnnxFields.Node,
                ProtobufField.Write([new(OnnxFields.Attribute, Repeat(new ProtobufField(OnnxFields.Int, 0, 1, []), 10_000))])),
            "numbers" => Graphed(
                Initializer,
                ProtobufField.Write(
                [
                    new(Int64Data, new byte[64]),
                    new(Dims, 0, 64, []),
                    new(DataType, 0, OnnxFields.Int64, []),
                    new(TensorName, Guid.NewGuid().ToByteArray()),
                ])),
            "empty tensors" => Graphed(Initializer, []),
            _ => Graphed(MetadataProps, ProtobufField.Write([new(EntryKey, "a"u8.ToArray()), new(EntryValue, new byte[1 << 16])])),
        };
        int times = Math.Min(Many, (24 << 20) / unit.Length);
        byte[] all = [.. Enumerable.Repeat(unit, times).SelectMany(b => b)];
        File.WriteAllBytes(folder["m.onnx"], what == "metadata" ? all : ProtobufField.Write([new ProtobufField(Graph, all)]));
        Assert.NotNull(Trial.Run(folder["m.onnx"]).Refusal);
    }

    [Fact]
    public void Reads_a_list_of_sizes_that_doubles_with_every_node()
    {
        var graph = new OnnxMessage().Add(OnnxFields.Node, Node("Shape", ["input"], "s0"));
        for (int i = 0; i < 40; i++)
        {
            var axis = new OnnxMessage().Add(AttributeName, "axis").Add(OnnxFields.Int, 0).Add(AttributeType, TypeInt);
            graph.Add(OnnxFields.Node, Node("Concat", ["s" + i, "s" + i], $"s{i + 1}", axis));
        }

        Assert.NotNull(Read(graph).Refusal);
    }

    [Fact]
    public void Refuses_sizes_that_another_node_changes()
    {
        // Clip changes each size to 100000, so the sizes known before it must not be used.
        var graph = new OnnxMessage()
            .Add(OnnxFields.Node, Node("Shape", ["input"], "sizes"))
            .Add(OnnxFields.Node, Node("Clip", ["sizes", "low"], "large"))
            .Add(OnnxFields.Node, Node("Resize", ["input", "", "", "large"], "logits"))
            .Add(Initializer, new OnnxMessage().Add(DataType, OnnxFields.Int64).Add(TensorName, "low")
                .Add(RawData, BitConverter.GetBytes(100_000L)));
        Assert.Contains("do not fit", Read(graph).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_overlapping_tensors_in_a_data_file()
    {
        File.WriteAllBytes(folder["d.data"], new byte[4096]);
        var graph = new OnnxMessage();
        foreach (string name in new[] { "a", "b" })
        {
            graph.Add(Initializer, new OnnxMessage().Add(Dims, 1024).Add(DataType, Float32).Add(TensorName, name).Add(DataLocation, 1)
                .Add(ExternalData, new OnnxMessage().Add(EntryKey, "location").Add(EntryValue, "d.data")));
        }

        graph.Add(OnnxFields.Node, Node("Conv", ["input", "w"], "logits"))
            .Add(Initializer, new OnnxMessage().Add(Dims, 1).Add(Dims, 3).Add(Dims, 1).Add(Dims, 1).Add(DataType, Float32)
                .Add(TensorName, "w").Add(RawData, new byte[12]));
        Assert.Contains("together have more bytes", Read(graph).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_repeated_tensors_and_values_that_protobuf_would_merge()
    {
        var inside = new OnnxMessage().Add(DataType, OnnxFields.Int64).Add(RawData, new byte[8]);
        var outside = new OnnxMessage().Add(DataLocation, 1).Add(DataType, OnnxFields.Int64)
            .Add(ExternalData, new OnnxMessage().Add(EntryKey, "location").Add(EntryValue, "/etc/passwd"));
        OnnxMessage Value(params OnnxMessage[] tensors)
        {
            var value = new OnnxMessage().Add(AttributeName, "value").Add(AttributeType, TypeTensor);
            foreach (var tensor in tensors) value.Add(OnnxFields.Tensor, tensor);
            return value;
        }

        AssertRefused("two tensors", Value(inside, outside));
        AssertRefused("another file", Value(outside));
        AssertRefused("twice", Value(inside), Value(inside));

        void AssertRefused(string expected, params OnnxMessage[] attributes)
        {
            var graph = new OnnxMessage().Add(OnnxFields.Node, Node("Constant", [], "c", attributes));
            Assert.Contains(expected, Read(graph).Refusal, StringComparison.Ordinal);
        }
    }

    private Trial Read(OnnxMessage graph)
    {
        var file = new OnnxMessage().Add(IrVersion, 8)
            .Add(Graph, graph.Add(Input, Image("input", 3)).Add(Output, Image("logits", 1)))
            .Add(OpsetImport, new OnnxMessage().Add(OpsetVersion, 17));
        File.WriteAllBytes(folder["m.onnx"], file.ToMemory().ToArray());
        return Trial.Run(folder["m.onnx"]);
    }

    private static ProtobufField AttributeOfInts(int index) => new(
        OnnxFields.Attribute,
        ProtobufField.Write([new(AttributeName, [(byte)('0' + index)]), new(OnnxFields.Ints, new byte[64])]));

    private static byte[] Graphed(int field, byte[] message) => ProtobufField.Write([new ProtobufField(field, message)]);

    private static byte[] Repeat(ProtobufField field, int times) => ProtobufField.Write(Enumerable.Repeat(field, times));

    private static OnnxMessage Node(string operation, string[] inputs, string output, params OnnxMessage[] attributes)
    {
        var node = new OnnxMessage();
        foreach (string input in inputs) node.Add(NodeInput, input);
        node.Add(NodeOutput, output).Add(OpType, operation);
        foreach (var attribute in attributes) node.Add(OnnxFields.Attribute, attribute);
        return node;
    }

    private static OnnxMessage Image(string name, int channels)
    {
        var shape = new OnnxMessage();
        foreach (int n in new[] { 1, channels, 32, 32 }) shape.Add(Dim, new OnnxMessage().Add(DimValue, n));
        var tensor = new OnnxMessage().Add(OnnxFields.ElementType, Float32).Add(Shape, shape);
        return new OnnxMessage().Add(ValueName, name).Add(OnnxFields.ValueType, new OnnxMessage().Add(TensorType, tensor));
    }
}
