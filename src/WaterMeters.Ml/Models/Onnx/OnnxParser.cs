using System.Buffers.Binary;

namespace WaterMeters.Ml.Models.Onnx;

/// <summary>
/// Reads the structure of an ONNX file out of its bytes: nodes, shapes, small constants, metadata. The numbers of the weights stay where
/// they are, counts are bounded, so that a crafted file costs no more than a few megabytes beside itself.
/// </summary>
internal static class OnnxParser
{
    private const int MostNodes = 10_000, MostTensors = 10_000, MostNames = 64, MostAttributes = 32, MostDimensions = 8, MostValues = 64,
        LongestName = 512, MostMetadata = 256, LongestMetadata = 8 << 20;

    /// <summary>Reads a file's structure.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or holds what no network for photos needs; the message says what.</exception>
    public static OnnxGraph Parse(ReadOnlySpan<byte> file)
    {
        var graph = new OnnxGraph();
        bool found = false;
        int metadata = 0;
        var reader = new ProtobufReader(file);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case OnnxFields.Graph when found: throw new InvalidDataException("it holds two graphs");
                case OnnxFields.Graph:
                    found = true;
                    ReadGraph(reader.Bytes(), graph);
                    break;
                case OnnxFields.OpsetImport: ReadOpset(reader.Bytes(), graph); break;
                case OnnxFields.MetadataProps:
                    var (key, value) = ReadEntry(reader.Bytes(), LongestMetadata - metadata);
                    metadata += key.Length + value.Length;
                    if (graph.Metadata.Count == MostMetadata) throw new InvalidDataException($"it holds more than {MostMetadata} texts beside the graph");
                    graph.Metadata[key] = value;
                    break;
                case OnnxFields.Functions or OnnxFields.TrainingInfo: throw new InvalidDataException("it holds functions or training information, which this module does not run");
                default: reader.Skip(); break;
            }
        }

        return found ? graph : throw new InvalidDataException("it holds no graph");
    }

    private static void ReadOpset(ReadOnlySpan<byte> message, OnnxGraph graph)
    {
        string domain = "";
        long version = 0;
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            if (reader.Field == OnnxFields.OpsetDomain) domain = reader.Text(LongestName);
            else if (reader.Field == OnnxFields.OpsetVersion) version = reader.Int();
            else reader.Skip();
        }

        if (domain is "" or "ai.onnx") graph.Opset = version;
    }

    private static void ReadGraph(ReadOnlySpan<byte> message, OnnxGraph graph)
    {
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case OnnxFields.Node:
                    if (graph.Nodes.Count == MostNodes) throw new InvalidDataException($"it has more than {MostNodes} nodes");
                    graph.Nodes.Add(ReadNode(reader.Bytes()));
                    break;
                case OnnxFields.Initializer:
                    if (graph.Initializers.Count == MostTensors) throw new InvalidDataException($"it has more than {MostTensors} tensors");
                    var tensor = ReadTensor(reader.Bytes());
                    if (!graph.Initializers.TryAdd(tensor.Name, tensor)) throw new InvalidDataException($"it names the tensor '{tensor.Name}' twice");
                    break;
                case OnnxFields.Input: Add(graph.Inputs, ReadValue(reader.Bytes())); break;
                case OnnxFields.Output: Add(graph.Outputs, ReadValue(reader.Bytes())); break;
                case OnnxFields.SparseInitializer: throw new InvalidDataException("it holds sparse tensors, which this module does not run");
                default: reader.Skip(); break;
            }
        }

        static void Add<T>(List<T> list, T value)
        {
            if (list.Count == MostTensors) throw new InvalidDataException($"it has more than {MostTensors} inputs or outputs");
            list.Add(value);
        }
    }

    private static OnnxNode ReadNode(ReadOnlySpan<byte> message)
    {
        var node = new OnnxNode();
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case OnnxFields.NodeInput: AddName(node.Inputs, reader.Text(LongestName)); break;
                case OnnxFields.NodeOutput: AddName(node.Outputs, reader.Text(LongestName)); break;
                case OnnxFields.NodeName: node.Name = reader.Text(LongestName); break;
                case OnnxFields.OpType: node.Operation = reader.Text(LongestName); break;
                case OnnxFields.NodeDomain: node.Domain = reader.Text(LongestName); break;
                case OnnxFields.Attribute:
                    var (name, attribute) = ReadAttribute(reader.Bytes());
                    if (node.Attributes.Count == MostAttributes) throw new InvalidDataException($"a node has more than {MostAttributes} attributes");
                    node.Attributes[name] = attribute;
                    break;
                default: reader.Skip(); break;
            }
        }

        return node;

        static void AddName(List<string> names, string name)
        {
            if (names.Count == MostNames) throw new InvalidDataException($"a node has more than {MostNames} inputs or outputs");
            names.Add(name);
        }
    }

    private static (string Name, OnnxAttribute Attribute) ReadAttribute(ReadOnlySpan<byte> message)
    {
        string name = "";
        var attribute = new OnnxAttribute();
        List<long>? ints = null;
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case OnnxFields.AttributeName: name = reader.Text(LongestName); break;
                case OnnxFields.Float: attribute = attribute with { Float = reader.Float() }; break;
                case OnnxFields.Int: attribute = attribute with { Int = reader.Int() }; break;
                case OnnxFields.Text: attribute = attribute with { Text = reader.Text(LongestName) }; break;
                case OnnxFields.Tensor: attribute = attribute with { Tensor = ReadTensor(reader.Bytes()) }; break;
                case OnnxFields.Ints: Few(ref reader, ints ??= []); break;
                case OnnxFields.SubGraph or OnnxFields.SubGraphs: throw new InvalidDataException("a node holds a graph of its own (a loop or a branch), which this module does not run");
                case OnnxFields.SparseTensor or OnnxFields.SparseTensors or OnnxFields.Tensors: throw new InvalidDataException("an attribute holds several or sparse tensors, which this module does not run");
                default: reader.Skip(); break;
            }
        }

        return (name, ints is null ? attribute : attribute with { Ints = [.. ints] });

        static void Few(ref ProtobufReader reader, List<long> numbers)
        {
            int before = numbers.Count;
            if (before + reader.Ints(numbers, MostValues) > MostValues) throw new InvalidDataException($"an attribute holds more than {MostValues} numbers");
        }
    }

    private static (string Name, int Type, long?[] Shape) ReadValue(ReadOnlySpan<byte> message)
    {
        string name = "";
        int type = 0;
        var shape = new List<long?>();
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            if (reader.Field == OnnxFields.ValueName) name = reader.Text(LongestName);
            else if (reader.Field == OnnxFields.ValueType) ReadType(reader.Bytes());
            else reader.Skip();
        }

        return (name, type, [.. shape]);

        void ReadType(ReadOnlySpan<byte> bytes)
        {
            var kinds = new ProtobufReader(bytes);
            while (kinds.Next())
            {
                if (kinds.Field != OnnxFields.TensorType)
                {
                    kinds.Skip();
                    continue;
                }

                var tensor = new ProtobufReader(kinds.Bytes());
                while (tensor.Next())
                {
                    if (tensor.Field == OnnxFields.ElementType) type = Small(tensor.Int());
                    else if (tensor.Field == OnnxFields.Shape) ReadShape(tensor.Bytes());
                    else tensor.Skip();
                }
            }
        }

        void ReadShape(ReadOnlySpan<byte> bytes)
        {
            var dimensions = new ProtobufReader(bytes);
            while (dimensions.Next())
            {
                long? size = null;
                var dimension = new ProtobufReader(dimensions.Bytes());
                while (dimension.Next())
                {
                    if (dimension.Field == OnnxFields.DimValue) size = dimension.Int();
                    else dimension.Skip();
                }

                if (shape.Count == MostDimensions) throw new InvalidDataException($"'{name}' has more than {MostDimensions} dimensions");
                shape.Add(size);
            }
        }
    }

    private static OnnxTensor ReadTensor(ReadOnlySpan<byte> message)
    {
        string name = "", file = "";
        int type = 0;
        long location = 0, offset = 0, stored = -1, intCount = 0, dimensions = 0;
        long? length = null;
        var shape = new List<long>();
        var ints = new List<long>();
        ReadOnlySpan<byte> raw = default, floats = default;
        bool isRaw = false;
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case OnnxFields.TensorName: name = reader.Text(LongestName); break;
                case OnnxFields.DataType: type = Small(reader.Int()); break;
                case OnnxFields.Dims: dimensions += reader.Ints(shape, MostDimensions); break;
                case OnnxFields.RawData:
                    raw = reader.Bytes();
                    isRaw = true;
                    break;
                case OnnxFields.FloatData when reader.IsBytes && floats.IsEmpty: floats = reader.Bytes(); break;
                case OnnxFields.Int32Data or OnnxFields.Int64Data: intCount += reader.Ints(ints, MostValues); break;
                case OnnxFields.FloatData or OnnxFields.DoubleData or OnnxFields.Uint64Data:
                    throw new InvalidDataException($"the tensor '{name}' keeps its numbers in a form this module does not read");
                case OnnxFields.DataLocation: location = reader.Int(); break;
                case OnnxFields.ExternalData:
                    var (key, value) = ReadEntry(reader.Bytes(), LongestName);
                    if (key == "location") file = value;
                    else if (key == "offset") offset = Number(value);
                    else if (key == "length") length = Number(value);
                    break;
                default: reader.Skip(); break;
            }
        }

        if (dimensions > MostDimensions || shape.Any(n => n is < 0 or > int.MaxValue)) throw new InvalidDataException($"the tensor '{name}' has an impossible size");
        long count, bytes;
        var tensor = new OnnxTensor(name, type, [.. shape]);
        try
        {
            (count, bytes) = (tensor.Count, tensor.Bytes);
        }
        catch (OverflowException e)
        {
            throw new InvalidDataException($"the tensor '{name}' has an impossible size", e);
        }

        if (location == 1 || file.Length > 0) return tensor with { External = (file, offset, length) };
        if (isRaw) stored = raw.Length;
        else if (!floats.IsEmpty) stored = type == OnnxFields.Float32 ? floats.Length : -1;
        else stored = intCount == count ? bytes : -1;
        if (stored != bytes) throw new InvalidDataException($"the tensor '{name}' of {WeightTensor.Describe(tensor.Shape)} does not hold as many numbers as that");
        if (count > MostValues) return tensor;
        return tensor with { Ints = Whole(type, isRaw, raw, ints, (int)count), Floats = type == OnnxFields.Float32 ? Numbers(isRaw ? raw : floats) : null };
    }

    private static long[]? Whole(int type, bool isRaw, ReadOnlySpan<byte> raw, List<long> ints, int count)
    {
        if (type is not (OnnxFields.Int64 or 6)) return null;
        if (!isRaw) return [.. ints];
        var values = new long[count];
        for (int i = 0; i < count; i++) values[i] = type == OnnxFields.Int64 ? BinaryPrimitives.ReadInt64LittleEndian(raw[(8 * i)..]) : BinaryPrimitives.ReadInt32LittleEndian(raw[(4 * i)..]);
        return values;
    }

    private static float[] Numbers(ReadOnlySpan<byte> raw)
    {
        var values = new float[raw.Length / 4];
        for (int i = 0; i < values.Length; i++) values[i] = BinaryPrimitives.ReadSingleLittleEndian(raw[(4 * i)..]);
        return values;
    }

    private static (string Key, string Value) ReadEntry(ReadOnlySpan<byte> message, int longest)
    {
        string key = "", value = "";
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            if (reader.Field == OnnxFields.EntryKey) key = reader.Text(LongestName);
            else if (reader.Field == OnnxFields.EntryValue) value = reader.Text(longest);
            else reader.Skip();
        }

        return (key, value);
    }

    private static long Number(string text) =>
        long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out long number)
            ? number
            : throw new InvalidDataException($"it gives '{text}' as a place in its data file");

    private static int Small(long value) => value is >= 0 and < 1000 ? (int)value : throw new InvalidDataException("an element type is out of range");
}
