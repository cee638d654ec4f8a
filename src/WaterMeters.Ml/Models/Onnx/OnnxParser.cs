using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Models.Onnx;

/// <summary>
/// Reads the structure of an ONNX file: nodes, shapes, small constants, metadata. Weights are not copied and counts are bounded, so a
/// crafted file costs no more than a few megabytes in addition to itself.
/// </summary>
internal static class OnnxParser
{
    private const int MaxNodes = 10_000, MaxTensors = 10_000, MaxNames = 64, MaxAttributes = 32, MaxMetadata = 256,
        MaxMetadataBytes = MetadataText.MaxBytes;

    /// <summary>Reads a file's structure.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or has something that no network for photos needs; the message says
    /// what.</exception>
    public static OnnxGraph Parse(ReadOnlySpan<byte> file)
    {
        var graph = new OnnxGraph();
        bool found = false;
        int metadata = 0;
        var reader = new ProtobufReader(file, new ProtobufLimits());
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case OnnxFields.Graph when found: throw new InvalidDataException("it has two graphs");
                case OnnxFields.Graph:
                    found = true;
                    ReadGraph(reader.Message(), graph);
                    break;
                case OnnxFields.OpsetImport: ReadOpset(reader.Message(), graph); break;
                case OnnxFields.MetadataProps:
                    var (key, value) = ReadEntry(reader.Message(), MaxMetadataBytes - metadata);
                    metadata += key.Length + value.Length;
                    if (graph.Metadata.Count == MaxMetadata)
                    {
                        throw new InvalidDataException($"it has more than {MaxMetadata} metadata entries");
                    }

                    graph.Metadata[key] = value;
                    break;
                case OnnxFields.Functions or OnnxFields.TrainingInfo:
                    throw new InvalidDataException("it has functions or training information, which are not supported");
                default: reader.Skip(); break;
            }
        }

        return found ? graph : throw new InvalidDataException("it has no graph");
    }

    private static void ReadOpset(ProtobufReader reader, OnnxGraph graph)
    {
        string domain = "";
        long version = 0;
        while (reader.Next())
        {
            if (reader.Field == OnnxFields.OpsetDomain) domain = reader.Text(OnnxFields.MaxNameBytes);
            else if (reader.Field == OnnxFields.OpsetVersion) version = reader.Int();
            else reader.Skip();
        }

        if (domain is "" or "ai.onnx") graph.Opset = version;
    }

    private static void ReadGraph(ProtobufReader reader, OnnxGraph graph)
    {
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case OnnxFields.Node:
                    if (graph.Nodes.Count == MaxNodes) throw new InvalidDataException($"it has more than {MaxNodes} nodes");
                    graph.Nodes.Add(ReadNode(reader.Message()));
                    break;
                case OnnxFields.Initializer:
                    if (graph.Initializers.Count == MaxTensors) throw new InvalidDataException($"it has more than {MaxTensors} tensors");
                    var tensor = OnnxTensorParser.Read(reader.Message());
                    if (!graph.Initializers.TryAdd(tensor.Name, tensor))
                    {
                        throw new InvalidDataException($"it has the tensor '{tensor.Name}' twice");
                    }

                    break;
                case OnnxFields.Input: Add(graph.Inputs, ReadValue(reader.Message())); break;
                case OnnxFields.Output: Add(graph.Outputs, ReadValue(reader.Message())); break;
                case OnnxFields.SparseInitializer: throw new InvalidDataException("it has sparse tensors, which are not supported");
                default: reader.Skip(); break;
            }
        }

        static void Add<T>(List<T> list, T value)
        {
            if (list.Count == MaxTensors) throw new InvalidDataException($"it has more than {MaxTensors} inputs or outputs");
            list.Add(value);
        }
    }

    private static OnnxNode ReadNode(ProtobufReader reader)
    {
        var node = new OnnxNode();
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case OnnxFields.NodeInput: AddName(node.Inputs, reader.Text(OnnxFields.MaxNameBytes)); break;
                case OnnxFields.NodeOutput: AddName(node.Outputs, reader.Text(OnnxFields.MaxNameBytes)); break;
                case OnnxFields.NodeName: node.Name = reader.Text(OnnxFields.MaxNameBytes); break;
                case OnnxFields.OpType: node.Operation = reader.Text(OnnxFields.MaxNameBytes); break;
                case OnnxFields.NodeDomain: node.Domain = reader.Text(OnnxFields.MaxNameBytes); break;
                case OnnxFields.Attribute:
                    var (name, attribute) = ReadAttribute(reader.Message());
                    if (node.Attributes.Count == MaxAttributes)
                    {
                        throw new InvalidDataException($"a node has more than {MaxAttributes} attributes");
                    }

                    if (!node.Attributes.TryAdd(name, attribute))
                    {
                        throw new InvalidDataException($"a node has the attribute '{name}' twice");
                    }

                    break;
                default: reader.Skip(); break;
            }
        }

        return node;

        static void AddName(List<string> names, string name)
        {
            if (names.Count == MaxNames) throw new InvalidDataException($"a node has more than {MaxNames} inputs or outputs");
            names.Add(name);
        }
    }

    private static (string Name, OnnxAttribute Attribute) ReadAttribute(ProtobufReader reader)
    {
        string name = "";
        var attribute = new OnnxAttribute();
        List<long>? ints = null;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case OnnxFields.AttributeName: name = reader.Text(OnnxFields.MaxNameBytes); break;
                case OnnxFields.Float: attribute = attribute with { Float = reader.Float() }; break;
                case OnnxFields.Int: attribute = attribute with { Int = reader.Int() }; break;
                case OnnxFields.Text: attribute = attribute with { Text = reader.Text(OnnxFields.MaxNameBytes) }; break;

                // Protobuf merges two messages of one field, and the merged tensor would not have been checked.
                case OnnxFields.Tensor when attribute.Tensor is not null:
                    throw new InvalidDataException($"the attribute '{name}' has two tensors");
                case OnnxFields.Tensor:
                    attribute = attribute with { Tensor = OnnxTensorParser.Read(reader.Message()) };
                    if (attribute.Tensor.External is null) break;
                    throw new InvalidDataException($"the tensor in the attribute '{name}' is in another file");
                case OnnxFields.Ints: ReadInts(ref reader, ints ??= []); break;
                case OnnxFields.SubGraph or OnnxFields.SubGraphs:
                    throw new InvalidDataException("a node has a subgraph (a loop or a branch), which is not supported");
                case OnnxFields.SparseTensor or OnnxFields.SparseTensors or OnnxFields.Tensors:
                    throw new InvalidDataException("an attribute has several or sparse tensors, which are not supported");
                default: reader.Skip(); break;
            }
        }

        return (name, ints is null ? attribute : attribute with { Ints = [.. ints] });

        static void ReadInts(ref ProtobufReader reader, List<long> numbers)
        {
            int before = numbers.Count;
            if (before + reader.Ints(numbers, OnnxTensorParser.MaxValues) <= OnnxTensorParser.MaxValues) return;
            throw new InvalidDataException($"an attribute has more than {OnnxTensorParser.MaxValues} numbers");
        }
    }

    /// <summary>Reads a ValueInfoProto: the name, element type and sizes of an input or output.</summary>
    public static (string Name, int Type, long?[] Shape) ReadValue(ProtobufReader reader)
    {
        string name = "";
        int type = 0;
        var shape = new List<long?>();
        while (reader.Next())
        {
            if (reader.Field == OnnxFields.ValueName) name = reader.Text(OnnxFields.MaxNameBytes);
            else if (reader.Field == OnnxFields.ValueType) ReadType(reader.Message());
            else reader.Skip();
        }

        return (name, type, [.. shape]);

        void ReadType(ProtobufReader kinds)
        {
            while (kinds.Next())
            {
                if (kinds.Field != OnnxFields.TensorType)
                {
                    kinds.Skip();
                    continue;
                }

                var tensor = kinds.Message();
                while (tensor.Next())
                {
                    if (tensor.Field == OnnxFields.ElementType) type = ElementType(tensor.Int());
                    else if (tensor.Field == OnnxFields.Shape) ReadShape(tensor.Message());
                    else tensor.Skip();
                }
            }
        }

        void ReadShape(ProtobufReader dimensions)
        {
            while (dimensions.Next())
            {
                long? size = null;
                var dimension = dimensions.Message();
                while (dimension.Next())
                {
                    if (dimension.Field == OnnxFields.DimValue)
                    {
                        size = dimension.Int();
                        continue;
                    }

                    if (dimension.Field == OnnxFields.DimParam) size = null;
                    dimension.Skip();
                }

                if (shape.Count == OnnxTensorParser.MaxDimensions)
                {
                    throw new InvalidDataException($"'{name}' has more than {OnnxTensorParser.MaxDimensions} dimensions");
                }

                shape.Add(size);
            }
        }
    }

    /// <summary>Reads a key and its value of at most <paramref name="maxBytes"/> bytes.</summary>
    public static (string Key, string Value) ReadEntry(ProtobufReader reader, int maxBytes)
    {
        string key = "", value = "";
        while (reader.Next())
        {
            if (reader.Field == OnnxFields.EntryKey) key = reader.Text(OnnxFields.MaxNameBytes);
            else if (reader.Field == OnnxFields.EntryValue) value = reader.Text(maxBytes);
            else reader.Skip();
        }

        return (key, value);
    }

    /// <summary>Checks the number of an element type.</summary>
    public static int ElementType(long value) =>
        value is >= 0 and < 1000 ? (int)value : throw new InvalidDataException("an element type is out of range");
}
