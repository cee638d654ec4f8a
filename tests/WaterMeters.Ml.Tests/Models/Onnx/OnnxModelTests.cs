using System.Diagnostics;
using WaterMeters.Ml.Models;
using WaterMeters.Ml.Models.Onnx;
using static WaterMeters.Ml.Models.Onnx.OnnxFields;

namespace WaterMeters.Ml.Tests.Models.Onnx;

/// <summary>This module refuses unsupported ONNX files before ONNX Runtime sees them.</summary>
public sealed class OnnxModelTests : IDisposable
{
    private readonly TempFolder folder = new();

    public static bool IsUnix => !OperatingSystem.IsWindows();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Refuses_invalid_and_missing_files()
    {
        Assert.Contains("it is empty", Refusal([]), StringComparison.Ordinal);
        Assert.Contains("no graph", Refusal([0x08, 0x08]), StringComparison.Ordinal);
        Assert.Contains("as an ONNX model", Refusal("plainly no protobuf at all"u8.ToArray()), StringComparison.Ordinal);
        byte[] whole = Unet();
        Assert.Contains("bytes are claimed", Refusal(whole[..^40]), StringComparison.Ordinal);
        var missing = Assert.Throws<ModelException>(() => OnnxModel.Read(folder["none.onnx"]));
        Assert.Contains("There is no model file", missing.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Loop", "is not a supported operation")]
    [InlineData("Relu", "must be [1, 1, 32, 32]")]
    [InlineData("Sigmoid", "must be [1, 1, 32, 32]")]
    public void Refuses_unsupported_operations_and_outputs(string operation, string expected) =>
        Assert.Contains(expected, Refusal(File(new OnnxMessage().Add(OnnxFields.Node, Node(operation, ["input"], "logits")))),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("Sigmoid", null)]
    [InlineData("HardSigmoid", null)]
    [InlineData("Sigmoid", "Identity")]
    public void Refuses_a_network_that_gives_probabilities(string last, string? behind)
    {
        var weight = Tensor("w", [1, 3, 1, 1], new byte[12]);
        var graph = new OnnxMessage().Add(OnnxFields.Node, Node("Conv", ["input", "w"], "c"))
            .Add(OnnxFields.Node, Node(last, ["c"], behind is null ? "logits" : "p")).Add(Initializer, weight);
        if (behind is not null) graph.Add(OnnxFields.Node, Node(behind, ["p"], "logits"));
        Assert.Contains($"ends with a {last}, so it gives probabilities", Refusal(File(graph)), StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_an_input_of_another_size_or_type()
    {
        (long[] Shape, int Type)[] inputs =
        [
            ([1, 3, 40, 40], 1), ([1, 1, 32, 32], 1), ([2, 3, 32, 32], 1), ([1, 3, 32, 48], 1), ([1, 3, 32, 32], 10),
            ([1, 3, 65536, 65536], 1),
        ];
        foreach (var (shape, type) in inputs)
        {
            string message = Refusal(File(new OnnxMessage().Add(OnnxFields.Node, Node("Relu", ["input"], "logits")), shape, type));
            string expected = type == Float32 ? "must be float32 [N, 3, S, S]" : "'input' is float16; float32 is needed";
            Assert.Contains(expected, message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Refuses_excessive_work_and_memory_before_allocating()
    {
        var scales = Tensor("s", [4], [.. new float[] { 1, 1, 64, 64 }.SelectMany(BitConverter.GetBytes)]);
        var graph = new OnnxMessage().Add(Initializer, scales);
        string x = "input";
        for (int i = 0; i < 3; i++)
        {
            graph.Add(OnnxFields.Node, Node("Resize", [x, "", "s"], "x" + i));
            x = "x" + i;
        }

        graph.Add(OnnxFields.Node, Node("Relu", [x], "logits"));
        Assert.Contains("more memory or work", Refusal(File(graph)), StringComparison.Ordinal);
        Assert.Contains("impossible size",
            Refusal(File(new OnnxMessage().Add(Initializer, Tensor("w", [1L << 30, 1L << 30, 1L << 30], [])))), StringComparison.Ordinal);
        Assert.Contains("does not match its shape",
            Refusal(File(new OnnxMessage().Add(Initializer, Tensor("w", [1 << 20], new byte[8])))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Max")]
    [InlineData("Min")]
    public void Bounds_the_shape_that_all_inputs_of_a_Max_or_Min_have_together(string operation)
    {
        const int Side = 256;
        byte[] values = new byte[4 * Side];
        var four = new OnnxMessage()
            .Add(Initializer, Tensor("a", [Side, 1, 1, 1], values)).Add(Initializer, Tensor("b", [1, Side, 1, 1], values))
            .Add(Initializer, Tensor("c", [1, 1, Side, 1], values)).Add(Initializer, Tensor("d", [Side], values))
            .Add(OnnxFields.Node, Node(operation, ["a", "b", "c", "d"], "large"));
        Assert.Contains("more memory or work", Refusal(File(four)), StringComparison.Ordinal);

        var misfit = new OnnxMessage().Add(Initializer, Tensor("a", [1], new byte[4])).Add(Initializer, Tensor("b", [31], new byte[124]))
            .Add(OnnxFields.Node, Node(operation, ["input", "a", "b"], "logits"));
        Assert.Contains("[1, 3, 32, 32] and [1] and [31]", Refusal(File(misfit)), StringComparison.Ordinal);
    }

    [Fact(SkipUnless = nameof(IsUnix), Skip = "Windows has no named pipes in folders.")]
    public void Refuses_a_named_pipe_in_place_of_a_data_file_without_opening_it()
    {
        using (var make = Process.Start("mkfifo", [folder["w.data"]])) make.WaitForExit();
        new SmallOnnx().External("v", [1, 3, 1, 1], "w.data").Node("Conv", ["input", "v", "b"], "logits")
            .Write(folder["m.onnx"], "logits");
        Assert.Contains($"'w.data', which is a named pipe, not a file. Save the weights as a file of this name in '{folder.Path}'.",
            Assert.Throws<ModelException>(() => OnnxModel.Read(folder["m.onnx"])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../other.data", 0, 12, "plain file name")]
    [InlineData("sub/other.data", 0, 12, "plain file name")]
    [InlineData("C:other.data", 0, 12, "plain file name")]
    [InlineData("", 0, 12, "plain file name")]
    [InlineData("there.data\0", 0, 12, "plain file name")]
    [InlineData("missing.data", 0, 12, "is missing or a link")]
    [InlineData("there.data", 8, 12, "reaches beyond the end")]
    [InlineData("there.data", 0, 8, "needs 12 bytes and claims 8")]
    public void Refuses_data_in_other_folders_or_beyond_the_end_of_their_file(string location, long offset, long length, string expected)
    {
        System.IO.File.WriteAllBytes(folder["there.data"], new byte[16]);
        var tensor = new OnnxMessage().Add(Dims, 1).Add(Dims, 3).Add(Dims, 1).Add(Dims, 1).Add(DataType, Float32).Add(TensorName, "w")
            .Add(DataLocation, 1);
        foreach (var (key, value) in new[] { ("location", location), ("offset", $"{offset}"), ("length", $"{length}") })
        {
            tensor.Add(ExternalData, new OnnxMessage().Add(EntryKey, key).Add(EntryValue, value));
        }

        byte[] file = File(new OnnxMessage().Add(OnnxFields.Node, Node("Conv", ["input", "w"], "logits")).Add(Initializer, tensor));
        Assert.Contains(expected, Refusal(file), StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_an_output_that_no_node_produces()
    {
        byte[] file = File(new OnnxMessage().Add(Initializer, Tensor("logits", [1, 1, 32, 32], new byte[4096])));
        Assert.Contains("no node produces its output 'logits'", Refusal(file), StringComparison.Ordinal);
    }

    [Fact]
    public void Counts_the_values_in_a_pooling_window_as_work()
    {
        var pool = Node("MaxPool", ["input"], "logits").Add(OnnxFields.Attribute, Ints("kernel_shape", 1023, 1023))
            .Add(OnnxFields.Attribute, Ints("pads", 511, 511, 511, 511));
        Assert.Contains("more memory or work", Refusal(File(new OnnxMessage().Add(OnnxFields.Node, pool), [1, 3, 4096, 4096])),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, 4)]
    [InlineData(-2, 9)]
    [InlineData(-2, null)]
    public void Infers_a_part_of_a_shape_as_the_engine_does(int start, int? end)
    {
        var part = Node("Shape", ["input"], "part").Add(OnnxFields.Attribute, Int("start", start));
        if (end is { } last) part.Add(OnnxFields.Attribute, Int("end", last));
        System.IO.File.WriteAllBytes(folder["part.onnx"],
            File(Resized(new OnnxMessage().Add(OnnxFields.Node, part), Node("Resize", ["input", "", "", "sizes"], "resized"))));
        Assert.Equal(32, OnnxModel.Read(folder["part.onnx"]).Size);
    }

    [Fact]
    public void Refuses_a_resize_policy_that_changes_the_sizes()
    {
        var graph = new OnnxMessage().Add(OnnxFields.Node, Node("Shape", ["input"], "part").Add(OnnxFields.Attribute, Int("start", 2)));
        var resize = Node("Resize", ["input", "", "", "sizes"], "resized")
            .Add(OnnxFields.Attribute, new OnnxMessage().Add(AttributeName, "keep_aspect_ratio_policy").Add(Text, "not_smaller"));
        Assert.Contains("inputs of Resize", Refusal(File(Resized(graph, resize))), StringComparison.Ordinal);
    }

    [Fact]
    public void Shows_names_without_control_characters()
    {
        string message = Refusal(
            File(new OnnxMessage().Add(OnnxFields.Node, Node("\u001b[31mEvil\u202e", ["input"], "logits\r\nAll is well"))));
        Assert.Contains("Evil", message, StringComparison.Ordinal);
        Assert.Contains("is not a supported operation", message, StringComparison.Ordinal);
        Assert.DoesNotContain(message, c => char.IsControl(c) || c == '\u202e');
    }

    [Fact]
    public void Reads_the_names_size_and_metadata_of_its_own_files()
    {
        System.IO.File.WriteAllBytes(folder["model.onnx"], Unet());
        var model = OnnxModel.Read(folder["model.onnx"]);
        Assert.Equal(("input", "logits", 32), (model.InputName, model.OutputName, model.Size));
        Assert.Equal("32", model.Metadata["watermeters.input_size"]);
    }

    private static byte[] Unet() => OnnxGraphWriter.Write(TestModels.Random(1), 32).ToArray();

    private string Refusal(byte[] file)
    {
        System.IO.File.WriteAllBytes(folder["bad.onnx"], file);
        return Assert.Throws<ModelException>(() => OnnxModel.Read(folder["bad.onnx"])).Message;
    }

    private static byte[] File(OnnxMessage nodeOrGraph, long[]? input = null, int type = Float32) => new OnnxMessage()
        .Add(IrVersion, 8)
        .Add(Graph, nodeOrGraph.Add(Input, Value("input", input ?? [1, 3, 32, 32], type))
            .Add(Output, Value("logits", [1, 1, 32, 32], Float32)))
        .Add(OpsetImport, new OnnxMessage().Add(OpsetVersion, 17))
        .ToMemory().ToArray();

    private static OnnxMessage Node(string operation, string[] inputs, string output)
    {
        var node = new OnnxMessage();
        foreach (string input in inputs) node.Add(NodeInput, input);
        return node.Add(NodeOutput, output).Add(OpType, operation);
    }

    /// <summary>Adds a resize to [1, 3] and the sizes in "part", and a convolution of the result.</summary>
    private static OnnxMessage Resized(OnnxMessage graph, OnnxMessage resize)
    {
        var outer = new OnnxMessage().Add(Dims, 2).Add(DataType, OnnxFields.Int64).Add(TensorName, "outer")
            .Add(RawData, new byte[] { 1, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0 });
        return graph
            .Add(OnnxFields.Node, Node("Concat", ["outer", "part"], "sizes").Add(OnnxFields.Attribute, Int("axis", 0)))
            .Add(OnnxFields.Node, resize)
            .Add(OnnxFields.Node, Node("Conv", ["resized", "w"], "logits"))
            .Add(Initializer, outer)
            .Add(Initializer, Tensor("w", [1, 3, 1, 1], new byte[12]));
    }

    private static OnnxMessage Int(string name, long value) => new OnnxMessage().Add(AttributeName, name).Add(OnnxFields.Int, value)
        .Add(AttributeType, TypeInt);

    private static OnnxMessage Ints(string name, params ReadOnlySpan<long> values)
    {
        var attribute = new OnnxMessage().Add(AttributeName, name);
        foreach (long value in values) attribute.Add(OnnxFields.Ints, value);
        return attribute.Add(AttributeType, TypeInts);
    }

    private static OnnxMessage Tensor(string name, long[] shape, byte[] data)
    {
        var tensor = new OnnxMessage();
        foreach (long n in shape) tensor.Add(Dims, n);
        return tensor.Add(DataType, Float32).Add(TensorName, name).Add(RawData, data);
    }

    private static OnnxMessage Value(string name, long[] shape, int type)
    {
        var dimensions = new OnnxMessage();
        foreach (long n in shape) dimensions.Add(Dim, new OnnxMessage().Add(DimValue, n));
        var tensor = new OnnxMessage().Add(OnnxFields.ElementType, type).Add(Shape, dimensions);
        return new OnnxMessage().Add(ValueName, name).Add(OnnxFields.ValueType, new OnnxMessage().Add(TensorType, tensor));
    }
}
