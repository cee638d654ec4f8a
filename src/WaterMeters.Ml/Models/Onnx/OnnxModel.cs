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

    private OnnxModel(
        string path, ReadOnlyMemory<byte> bytes, string input, string output, int size, IReadOnlyDictionary<string, string> metadata) =>
        (Path, Bytes, InputName, OutputName, Size, Metadata) = (path, bytes, input, output, size, metadata);

    /// <summary>The path of the file.</summary>
    public string Path { get; }

    /// <summary>The checked bytes.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The name of the input, [N, 3, S, S] float32 in 0..1.</summary>
    public string InputName { get; }

    /// <summary>The name of the output, [N, 1, S, S] float32 logits.</summary>
    public string OutputName { get; }

    /// <summary>The input size S, pixels.</summary>
    public int Size { get; }

    /// <summary>Its metadata_props.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Reads and checks a file, before any native code sees it.</summary>
    /// <exception cref="ModelException">It cannot be read, is damaged, or is not a network from images to one logit per pixel.</exception>
    public static OnnxModel Read(string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (FileNotFoundException e)
        {
            throw new ModelException(path, $"There is no model file '{path}'. Check the path, or train one with Start-WmsTraining.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelException(path,
                $"Cannot read the model file '{path}': {e.Sentence()} Close programs that use it, or fix its permissions, and try " +
                "again.", e);
        }

        try
        {
            return Check(path, bytes);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new ModelException(path,
                $"Cannot use '{path}' as an ONNX model: {ModelRefusedException.Printable(e.Message.TrimEnd('.'))}. Export the network " +
                "again with input [N, 3, S, S] and logits [N, 1, S, S], or use a file from Export-WmsModel.", e);
        }
    }

    private static OnnxModel Check(string path, byte[] bytes)
    {
        var graph = OnnxParser.Parse(bytes);
        if (graph.Opset is < 7 or > 25) throw new InvalidDataException($"it uses opset {graph.Opset}; 7 to 25 are supported");
        var inputs = graph.Inputs.Where(i => !graph.Initializers.ContainsKey(i.Name)).ToList();
        if (inputs.Count != 1 || graph.Outputs.Count != 1)
        {
            throw new InvalidDataException($"it has {inputs.Count} inputs and {graph.Outputs.Count} outputs; one of each is needed");
        }

        var (input, output) = (inputs[0], graph.Outputs[0]);
        int size = InputSize(input);
        CheckData(path, graph.Initializers.Values);

        var values = graph.Initializers.ToDictionary(t => t.Key, t => (OnnxValue?)OnnxShapes.Infer(t.Value), StringComparer.Ordinal);
        values[input.Name] = new OnnxValue([1, UNetShape.InputChannels, size, size]);
        InferShapes(graph, values);
        if (!values.TryGetValue(output.Name, out var result) || result is null)
        {
            throw new InvalidDataException($"nothing produces its output '{output.Name}'");
        }

        long[] inputShape = [1, UNetShape.InputChannels, size, size], outputShape = [1, UNetShape.OutputChannels, size, size];
        if (!result.Shape.AsSpan().SequenceEqual(outputShape))
        {
            throw new InvalidDataException(
                $"its output is {WeightTensor.Describe(result.Shape)} for an input of {WeightTensor.Describe(inputShape)}; " +
                $"it must be {WeightTensor.Describe(outputShape)}");
        }

        var last = Producer(output.Name)
            ?? throw new InvalidDataException($"no node produces its output '{output.Name}', so it is the same for every photo");

        // Renamed or converted probabilities are still probabilities, all of which are above the threshold for logits.
        while (last.Operation is "Identity" or "Cast" or "Dropout" && Producer(last.Inputs[0]) is { } before) last = before;
        if (last.Operation is "Sigmoid" or "HardSigmoid")
        {
            throw new InvalidDataException($"it ends with a {last.Operation}, so it gives probabilities; logits are needed");
        }

        if (output.Type != OnnxFields.Float32) throw new InvalidDataException("its output is not float32");
        return new OnnxModel(path, bytes, input.Name, output.Name, size, graph.Metadata);

        OnnxNode? Producer(string name) => graph.Nodes.FirstOrDefault(n => n.Outputs[0] == name);
    }

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

    /// <summary>Checks data in other files: they must have plain names in the same folder and be inside of the files.</summary>
    private static void CheckData(string path, IEnumerable<OnnxTensor> tensors)
    {
        string folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;

        // With case-insensitive names a file must not be counted once for each spelling.
        var sameName = OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;
        Dictionary<string, long> lengths = new(sameName), used = new(sameName);
        foreach (var tensor in tensors)
        {
            if (tensor.External is not var (name, offset, length)) continue;
            if (!IsPlainName(folder, name))
            {
                throw new InvalidDataException(
                    $"its tensor '{tensor.Name}' is in '{name}'; only a plain file name in the same folder is allowed");
            }

            if (!lengths.TryGetValue(name, out long fileLength))
            {
                var file = new FileInfo(System.IO.Path.Combine(folder, name));
                if (!file.Exists || file.LinkTarget is not null)
                {
                    throw new InvalidDataException($"its data file '{name}' is missing or a link");
                }

                lengths.Add(name, fileLength = file.Length);
            }

            long bytes = tensor.Bytes;
            if (length is { } claimed && claimed != bytes)
            {
                throw new InvalidDataException($"its tensor '{tensor.Name}' needs {bytes} bytes and claims {claimed} in '{name}'");
            }

            if (offset > fileLength || bytes > fileLength - offset)
            {
                throw new InvalidDataException($"its tensor '{tensor.Name}' reaches beyond the end of '{name}'");
            }

            // ONNX Runtime creates a tensor for each, even when they overlap in the file.
            long total = used[name] = used.GetValueOrDefault(name) + bytes;
            if (total > fileLength) throw new InvalidDataException($"its tensors together have more bytes than '{name}'");
        }
    }

    /// <summary>
    /// Returns whether a name is that of a file in the folder: Windows treats some names as devices, and drops trailing dots and spaces.
    /// </summary>
    private static bool IsPlainName(string folder, string name) =>
        name.Length > 0 && name is not ("." or "..") && name.AsSpan().IndexOfAny("/\\:\0") < 0
        && System.IO.Path.GetFullPath(System.IO.Path.Combine(folder, name)) == System.IO.Path.Combine(folder, name);

    private static int InputSize((string Name, int Type, long?[] Shape) input)
    {
        if (input.Type == OnnxFields.Float32 && input.Shape is [null or 1, UNetShape.InputChannels, { } height, { } width]
            && height == width && height <= int.MaxValue && UNetShape.IsInputSize((int)height))
        {
            return (int)height;
        }

        var sizes = input.Shape.Select(n => n?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "variable");
        throw new InvalidDataException($"its input '{input.Name}' is [{string.Join(", ", sizes)}]; " +
            $"it must be float32 [N, {UNetShape.InputChannels}, S, S], S from 16 to 4096 and divisible by 16");
    }
}
