using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Models.Onnx;

/// <summary>
/// Reads the structure of an ONNX file out of its bytes: nodes, shapes, small constants, metadata. The numbers of the weights stay where
/// they are, counts are bounded, so that a crafted file costs no more than a few megabytes beside itself.
/// </summary>
internal static class OnnxParser
{
    private const int MostNodes = 10_000, MostTensors = 10_000, MostNames = 64, MostAttributes = 32, MostMetadata = 256, LongestMetadata = MetadataText.MaxBytes;

    /// <summary>Reads a file's structure.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or holds what no network for photos needs; the message says what.</exception>
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
                case OnnxFields.Graph when found: throw new InvalidDataException("it holds two graphs");
                case OnnxFields.Graph:
                    found = true;
                    ReadGraph(reader.Message(), graph);
                    break;
                case OnnxFields.OpsetImport: ReadOpset(reader.Message(), graph); break;
                case OnnxFields.MetadataProps:
                    var (key, value) = ReadEntry(reader.Message(), LongestMetadata - metadata);
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

    private static void ReadOpset(ProtobufReader reader, OnnxGraph graph)
    {
        string domain = "";
        long version = 0;
        while (reader.Next())
        {
            if (reader.Field == OnnxFields.OpsetDomain) domain = reader.Text(OnnxFields.LongestName);
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
                    if (graph.Nodes.Count == MostNodes) throw new InvalidDataException($"it has more than {MostNodes} nodes");
                    graph.Nodes.Add(ReadNode(reader.Message()));
                    break;
                case OnnxFields.Initializer:
                    if (graph.Initializers.Count == MostTensors) throw new InvalidDataException($"it has more than {MostTensors} tensors");
                    var tensor = OnnxTensorParser.Read(reader.Message());
                    if (!graph.Initializers.TryAdd(tensor.Name, tensor)) throw new InvalidDataException($"it names the tensor '{tensor.Name}' twice");
                    break;
                case OnnxFields.Input: Add(graph.Inputs, ReadValue(reader.Message())); break;
                case OnnxFields.Output: Add(graph.Outputs, ReadValue(reader.Message())); break;
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

    private static OnnxNode ReadNode(ProtobufReader reader)
    {
        var node = new OnnxNode();
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case OnnxFields.NodeInput: AddName(node.Inputs, reader.Text(OnnxFields.LongestName)); break;
                case OnnxFields.NodeOutput: AddName(node.Outputs, reader.Text(OnnxFields.LongestName)); break;
                case OnnxFields.NodeName: node.Name = reader.Text(OnnxFields.LongestName); break;
                case OnnxFields.OpType: node.Operation = reader.Text(OnnxFields.LongestName); break;
                case OnnxFields.NodeDomain: node.Domain = reader.Text(OnnxFields.LongestName); break;
                case OnnxFields.Attribute:
                    var (name, attribute) = ReadAttribute(reader.Message());
                    if (node.Attributes.Count == MostAttributes) throw new InvalidDataException($"a node has more than {MostAttributes} attributes");
                    if (!node.Attributes.TryAdd(name, attribute)) throw new InvalidDataException($"a node has the attribute '{name}' twice");
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

    private static (string Name, OnnxAttribute Attribute) ReadAttribute(ProtobufReader reader)
    {
        string name = "";
        var attribute = new OnnxAttribute();
        List<long>? ints = null;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case OnnxFields.AttributeName: name = reader.Text(OnnxFields.LongestName); break;
                case OnnxFields.Float: attribute = attribute with { Float = reader.Float() }; break;
                case OnnxFields.Int: attribute = attribute with { Int = reader.Int() }; break;
                case OnnxFields.Text: attribute = attribute with { Text = reader.Text(OnnxFields.LongestName) }; break;

                // Protobuf joins two messages of one field, and a joined tensor is none that was checked.
                case OnnxFields.Tensor when attribute.Tensor is not null: throw new InvalidDataException($"the attribute '{name}' holds two tensors");
                case OnnxFields.Tensor:
                    attribute = attribute with { Tensor = OnnxTensorParser.Read(reader.Message()) };
                    if (attribute.Tensor.External is not null) throw new InvalidDataException($"the tensor in the attribute '{name}' lies in another file");
                    break;
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
            if (before + reader.Ints(numbers, OnnxTensorParser.MostValues) > OnnxTensorParser.MostValues) throw new InvalidDataException($"an attribute holds more than {OnnxTensorParser.MostValues} numbers");
        }
    }

    private static (string Name, int Type, long?[] Shape) ReadValue(ProtobufReader reader)
    {
        string name = "";
        int type = 0;
        var shape = new List<long?>();
        while (reader.Next())
        {
            if (reader.Field == OnnxFields.ValueName) name = reader.Text(OnnxFields.LongestName);
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

                if (shape.Count == OnnxTensorParser.MostDimensions) throw new InvalidDataException($"'{name}' has more than {OnnxTensorParser.MostDimensions} dimensions");
                shape.Add(size);
            }
        }
    }

    /// <summary>Reads a text and its name.</summary>
    public static (string Key, string Value) ReadEntry(ProtobufReader reader, int longest)
    {
        string key = "", value = "";
        while (reader.Next())
        {
            if (reader.Field == OnnxFields.EntryKey) key = reader.Text(OnnxFields.LongestName);
            else if (reader.Field == OnnxFields.EntryValue) value = reader.Text(longest);
            else reader.Skip();
        }

        return (key, value);
    }

    /// <summary>The number of an element type.</summary>
    public static int ElementType(long value) => value is >= 0 and < 1000 ? (int)value : throw new InvalidDataException("an element type is out of range");
}
