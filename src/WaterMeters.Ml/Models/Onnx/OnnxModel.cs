using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Models.Network;
using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Models.Onnx;

/// <summary>
/// A checked ONNX file: it has the input and output that this module needs, its operations are supported, its shapes are static except
/// for the batch, its memory and work are bounded, and its data are in it or in plain files in the same folder.
/// </summary>
public sealed class OnnxModel
{
    private const long MaxElements = 1L << 29, MaxMultiplications = 20_000_000_000_000;

    // Larger files are looked at before they are read as a whole.
    private const long SmallFile = 64 << 20;

    private OnnxModel(
        string path, byte[] bytes, string digest, (string Input, string Output) names, int size, bool isLogits, OnnxGraph graph)
    {
        (Path, Bytes, Digest, Size, OutputsLogits, Metadata) = (path, bytes, digest, size, isLogits, graph.Metadata);
        (InputName, OutputName) = names;
        HasSigmoid = graph.Nodes.Any(n => n.Operation is "Sigmoid" or "HardSigmoid" or "Tanh");
    }

    /// <summary>The path of the file.</summary>
    public string Path { get; }

    /// <summary>The checked bytes, with the contents of its data files in them.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The SHA-256 of the file or, when it has data files, of those bytes; 64 lower-case hexadecimal digits.</summary>
    public string Digest { get; }

    /// <summary>
    /// Whether the graph ends so that its output can only be logits. Otherwise its values must be looked at before they are used.
    /// </summary>
    public bool OutputsLogits { get; }

    /// <summary>The name of the input, [N, 3, S, S] float32 in 0..1.</summary>
    public string InputName { get; }

    /// <summary>The name of the output, [N, 1, S, S] float32 logits.</summary>
    public string OutputName { get; }

    /// <summary>
    /// Whether it has a Sigmoid anywhere, as in a gate, so that even logits by its graph are looked at when they fill a photo.
    /// </summary>
    public bool HasSigmoid { get; }

    /// <summary>The input size S, pixels.</summary>
    public int Size { get; }

    /// <summary>Its metadata_props.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Reads and checks a file, before any native code sees it.</summary>
    /// <exception cref="ModelException">It cannot be read, is damaged, or is not a network from images to one logit per pixel.</exception>
    public static OnnxModel Read(string path) => BinaryFile.Open(path, ".onnx", Read);

    /// <summary>As <see cref="Read(string)"/>, for an open file.</summary>
    internal static OnnxModel Read(BinaryFile file)
    {
        string path = file.Path;
        try
        {
            if (file.Length > SmallFile) OnnxPreview.Check(file);
            byte[] bytes = file.Read(0, file.Length, Array.MaxLength, "it");
            file.EnsureUnchanged();
            var model = Check(path, bytes, FileHash.ComputeBytes(bytes), out var tensors);
            if (tensors.All(t => t.External is null)) return model;

            // Its own checks first: a foreign file costs no more than its description.
            byte[] whole = OnnxDataFiles.Inline(path, bytes, tensors);
            return Check(path, whole, FileHash.ComputeBytes(whole), out _);
        }
        catch (ModelRefusedException e)
        {
            throw new ModelException(path, $"Cannot use '{path}' as an ONNX model: {ModelRefusedException.Printable(e.Message)}", e);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new ModelException(path,
                $"Cannot use '{path}' as an ONNX model: {ModelRefusedException.Printable(e.Message.TrimEnd('.'))}. Export the network " +
                "again with input [N, 3, S, S] and logits [N, 1, S, S], or use a file from Export-WmsModel.", e);
        }
    }

    private static OnnxModel Check(string path, byte[] bytes, string digest, out IReadOnlyCollection<OnnxTensor> tensors)
    {
        var graph = OnnxParser.Parse(bytes);
        tensors = graph.Initializers.Values;
        if (graph.Opset is < 7 or > 25) throw new InvalidDataException($"it uses opset {graph.Opset}; 7 to 25 are supported");
        var inputs = graph.Inputs.Where(i => !graph.Initializers.ContainsKey(i.Name)).ToList();
        if (inputs.Count != 1 || graph.Outputs.Count != 1)
        {
            throw new InvalidDataException($"it has {inputs.Count} inputs and {graph.Outputs.Count} outputs; one of each is needed");
        }

        var (input, output) = (inputs[0], graph.Outputs[0]);
        int size = InputSize(input);
        var values = graph.Initializers.ToDictionary(t => t.Key, t => (OnnxValue?)OnnxShapes.Infer(t.Value), StringComparer.Ordinal);
        values[input.Name] = new OnnxValue([1, UNetShape.InputChannels, size, size]);
        InferShapes(graph, values);
        if (!values.TryGetValue(output.Name, out var result) || result is null)
        {
            throw new InvalidDataException($"nothing produces its output '{output.Name}'");
        }

        CheckOutput(result.Shape, size);
        bool isLogits = OnnxOutput.IsLogits(graph, output.Name);
        if (output.Type != OnnxFields.Float32) throw OfAnotherType("output", output.Name, output.Type);
        return new OnnxModel(path, bytes, digest, (input.Name, output.Name), size, isLogits, graph);
    }

    private static void CheckOutput(long[] shape, int size)
    {
        long[] input = [1, UNetShape.InputChannels, size, size], wanted = [1, UNetShape.OutputChannels, size, size];
        if (shape.AsSpan().SequenceEqual(wanted)) return;
        string kind = shape switch
        {
            [1, _] => ", as of a classifier",
            [1, _, _] => ", as of a detector",
            [1, > 1, var height, var width] when height == size && width == size => ", one plane for each of several classes",
            _ => "",
        };
        throw new InvalidDataException(
            $"its output is {WeightTensor.Describe(shape)} for an input of {WeightTensor.Describe(input)}{kind}; " +
            $"it must be {WeightTensor.Describe(wanted)}");
    }

    private static ModelRefusedException OfAnotherType(string what, string name, int type) => new(
        $"its {what} '{ModelRefusedException.ForMessage(name)}' is {OnnxFields.TypeName(type)}; float32 is needed. Export the network " +
        "again in float32; its weights alone may be float16 (keep_io_types=True in the converter to float16).");

    /// <summary>Infers the shapes of all values and checks what the graph would cost to run.</summary>
    private static void InferShapes(OnnxGraph graph, Dictionary<string, OnnxValue?> values)
    {
        long elements = 0, multiplications = 0;
        foreach (var node in graph.Nodes)
        {
            var inputs = node.Inputs.Select(name => name.Length == 0 ? null : values.TryGetValue(name, out var value)
                ? value
                : throw new InvalidDataException($"{node} needs '{name}', which nothing before it produces")).ToArray();
            if (node.Outputs.Count == 0) throw new InvalidDataException($"{node} has no output");
            var output = OnnxShapes.Infer(node, inputs);
            try
            {
                elements = checked(elements + output.Count);
                multiplications = checked(multiplications + OnnxShapes.Multiplications(node, inputs, output));
            }
            catch (OverflowException)
            {
                elements = long.MaxValue;
            }

            if (elements > MaxElements * 8 || output.Count > MaxElements || multiplications > MaxMultiplications)
            {
                throw new InvalidDataException($"{node} requires more memory or work than a network for photos needs");
            }

            // Further outputs, such as the indices of a MaxPool, are not supported: a node that uses one is refused.
            if (!values.TryAdd(node.Outputs[0], output)) throw new InvalidDataException($"two nodes produce '{node.Outputs[0]}'");
        }
    }

    /// <summary>Returns the input size of a network, pixels.</summary>
    /// <exception cref="InvalidDataException">The input is not one image of three channels.</exception>
    internal static int InputSize((string Name, int Type, long?[] Shape) input)
    {
        if (input.Shape is [null or 1, UNetShape.InputChannels, { } height, { } width]
            && height == width && height <= int.MaxValue && UNetShape.IsInputSize((int)height))
        {
            return input.Type == OnnxFields.Float32 ? (int)height : throw OfAnotherType("input", input.Name, input.Type);
        }

        var sizes = input.Shape.Select(n => n?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "variable");
        throw new InvalidDataException($"its input '{input.Name}' is [{string.Join(", ", sizes)}]; " +
            $"it must be float32 [N, {UNetShape.InputChannels}, S, S], S from 16 to 4096 and divisible by 16");
    }
}
