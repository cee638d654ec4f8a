using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Models.Network;
using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Models.Onnx;

/// <summary>
/// An ONNX file that was checked: what goes in and out of it is what the module needs, its operations are known, its shapes are static but
/// for the batch, its memory and work are bounded, its data lie in it or in plain files beside it.
/// </summary>
public sealed class OnnxModel
{
    private const long MostElements = 1L << 29, MostMultiplications = 20_000_000_000_000;

    private OnnxModel(string path, ReadOnlyMemory<byte> bytes, string input, string output, int size, IReadOnlyDictionary<string, string> metadata) =>
        (Path, Bytes, InputName, OutputName, Size, Metadata) = (path, bytes, input, output, size, metadata);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Its bytes, as they were checked.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Name of the input, [N, 3, S, S] float32 in 0..1.</summary>
    public string InputName { get; }

    /// <summary>Name of the output, [N, 1, S, S] float32 logits.</summary>
    public string OutputName { get; }

    /// <summary>Edge of the square it takes, pixels.</summary>
    public int Size { get; }

    /// <summary>Its metadata_props.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Reads and checks a file; nothing native sees it before.</summary>
    /// <exception cref="ModelException">It cannot be read, is damaged, or is no network that takes a photo and gives a logit a pixel.</exception>
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
            throw new ModelException(path, $"The model file '{path}' cannot be read: {e.Sentence()} Close what uses it, or mend its permissions, and try again.", e);
        }

        try
        {
            return Check(path, bytes);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new ModelException(path, $"'{path}' is no ONNX file that can be used: {ModelRefusedException.Printable(e.Message.TrimEnd('.'))}. Export the network again, with input [N, 3, S, S] and logits [N, 1, S, S], or use the file Export-WmsModel writes.", e);
        }
    }

    private static OnnxModel Check(string path, byte[] bytes)
    {
        var graph = OnnxParser.Parse(bytes);
        if (graph.Opset is < 7 or > 25) throw new InvalidDataException($"it is written for opset {graph.Opset}; 7 to 25 are known");
        var inputs = graph.Inputs.Where(i => !graph.Initializers.ContainsKey(i.Name)).ToList();
        if (inputs.Count != 1 || graph.Outputs.Count != 1) throw new InvalidDataException($"it has {inputs.Count} inputs and {graph.Outputs.Count} outputs; one of each is needed");
        var (input, output) = (inputs[0], graph.Outputs[0]);
        int size = Square(input, UNetShape.InputChannels, "input");
        CheckData(path, graph.Initializers.Values);

        var values = graph.Initializers.ToDictionary(t => t.Key, t => (OnnxValue?)OnnxShapes.Infer(t.Value), StringComparer.Ordinal);
        values[input.Name] = new OnnxValue([1, UNetShape.InputChannels, size, size]);
        Follow(graph, values);
        if (!values.TryGetValue(output.Name, out var made) || made is null) throw new InvalidDataException($"nothing makes its output '{output.Name}'");
        if (!made.Shape.AsSpan().SequenceEqual([1, UNetShape.OutputChannels, size, size]))
        {
            throw new InvalidDataException($"its output is {WeightTensor.Describe(made.Shape)} for an input of {WeightTensor.Describe([1, UNetShape.InputChannels, size, size])}; it must be {WeightTensor.Describe([1, UNetShape.OutputChannels, size, size])}");
        }

        var last = Maker(output.Name) ?? throw new InvalidDataException($"no node makes its output '{output.Name}', so it is the same for every photo");

        // Probabilities under another name or of another type are still probabilities, and all of them are above the threshold of logits.
        while (last.Operation is "Identity" or "Cast" or "Dropout" && Maker(last.Inputs[0]) is { } before) last = before;
        if (last.Operation is "Sigmoid" or "HardSigmoid") throw new InvalidDataException($"it ends with a {last.Operation}, so it gives probabilities; logits are needed");
        if (output.Type != OnnxFields.Float32) throw new InvalidDataException("its output is not float32");
        return new OnnxModel(path, bytes, input.Name, output.Name, size, graph.Metadata);

        OnnxNode? Maker(string name) => graph.Nodes.FirstOrDefault(n => n.Outputs[0] == name);
    }

    /// <summary>Follows the shapes through the graph, and adds up what it would cost to run.</summary>
    private static void Follow(OnnxGraph graph, Dictionary<string, OnnxValue?> values)
    {
        long elements = 0, multiplications = 0;
        foreach (var node in graph.Nodes)
        {
            var inputs = node.Inputs.Select(name => name.Length == 0 ? null
                : values.TryGetValue(name, out var value) ? value : throw new InvalidDataException($"{node} needs '{name}', which nothing before it makes")).ToArray();
            if (node.Outputs.Count == 0) throw new InvalidDataException($"{node} makes nothing");
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

            if (elements > MostElements * 8 || output.Count > MostElements || multiplications > MostMultiplications)
            {
                throw new InvalidDataException($"{node} asks for more memory or work than a network for photos needs");
            }

            // Further outputs, such as the indices of a MaxPool, are not described: whoever needs one is refused.
            if (!values.TryAdd(node.Outputs[0], output)) throw new InvalidDataException($"two nodes make '{node.Outputs[0]}'");
        }
    }

    /// <summary>Data in other files: plain names in the same folder, and inside those files.</summary>
    private static void CheckData(string path, IEnumerable<OnnxTensor> tensors)
    {
        string folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;

        // Where one file has its name in any case, it must not count once for each.
        var sameName = OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;
        Dictionary<string, long> lengths = new(sameName), used = new(sameName);
        foreach (var tensor in tensors)
        {
            if (tensor.External is not var (name, offset, length)) continue;
            if (!IsPlainName(folder, name)) throw new InvalidDataException($"its tensor '{tensor.Name}' lies in '{name}'; only a plain file name in the same folder is followed");
            if (!lengths.TryGetValue(name, out long there))
            {
                var file = new FileInfo(System.IO.Path.Combine(folder, name));
                if (!file.Exists || file.LinkTarget is not null) throw new InvalidDataException($"its data file '{name}' is not a file beside it");
                lengths.Add(name, there = file.Length);
            }

            long bytes = tensor.Bytes;
            if (length is { } said && said != bytes) throw new InvalidDataException($"its tensor '{tensor.Name}' needs {bytes} bytes and claims {said} in '{name}'");
            if (offset > there || bytes > there - offset) throw new InvalidDataException($"its tensor '{tensor.Name}' lies outside '{name}'");

            // ONNX Runtime makes a tensor of each, also of those that lie in the same place.
            long together = used[name] = used.GetValueOrDefault(name) + bytes;
            if (together > there) throw new InvalidDataException($"its tensors have more bytes together than '{name}'");
        }
    }

    /// <summary>Whether a name stands for a file of just that name in the folder: Windows makes devices of some, and drops dots and spaces at the end of others.</summary>
    private static bool IsPlainName(string folder, string name) =>
        name.Length > 0 && name is not ("." or "..") && name.AsSpan().IndexOfAny("/\\:\0") < 0
        && System.IO.Path.GetFullPath(System.IO.Path.Combine(folder, name)) == System.IO.Path.Combine(folder, name);

    private static int Square((string Name, int Type, long?[] Shape) value, int channels, string what)
    {
        if (value.Type == OnnxFields.Float32 && value.Shape is [null or 1, var c, { } height, { } width] && c == channels && height == width && height <= int.MaxValue && UNetShape.IsInputSize((int)height))
        {
            return (int)height;
        }

        throw new InvalidDataException($"its {what} '{value.Name}' is [{string.Join(", ", value.Shape.Select(n => n?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "free"))}]; it must be float32 [N, {channels}, S, S], S from 16 to 4096 and divisible by 16");
    }
}
