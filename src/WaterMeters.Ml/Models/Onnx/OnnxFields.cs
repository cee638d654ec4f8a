using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Models.Onnx;

/// <summary>The field numbers of ONNX messages (onnx.proto3 of ONNX 1.x, IR version 8) that this module writes or reads.</summary>
internal static class OnnxFields
{
    /// <summary>ModelProto.</summary>
    public const int IrVersion = 1, ProducerName = 2, ProducerVersion = 3, Graph = 7, OpsetImport = 8, MetadataProps = 14,
        TrainingInfo = 20, Functions = 25;

    /// <summary>OperatorSetIdProto.</summary>
    public const int OpsetDomain = 1, OpsetVersion = 2;

    /// <summary>StringStringEntryProto.</summary>
    public const int EntryKey = 1, EntryValue = 2;

    /// <summary>GraphProto.</summary>
    public const int Node = 1, GraphName = 2, Initializer = 5, Input = 11, Output = 12, ValueInfo = 13, QuantizationAnnotation = 14,
        SparseInitializer = 15;

    /// <summary>NodeProto.</summary>
    public const int NodeInput = 1, NodeOutput = 2, NodeName = 3, OpType = 4, Attribute = 5, NodeDomain = 7;

    /// <summary>AttributeProto.</summary>
    public const int AttributeName = 1, Float = 2, Int = 3, Text = 4, Tensor = 5, SubGraph = 6, Floats = 7, Ints = 8, Texts = 9,
        Tensors = 10, SubGraphs = 11, SparseTensor = 22, SparseTensors = 23, AttributeType = 20;

    /// <summary>TensorProto.</summary>
    public const int Dims = 1, DataType = 2, FloatData = 4, Int32Data = 5, Int64Data = 7, TensorName = 8, RawData = 9, DoubleData = 10,
        Uint64Data = 11, ExternalData = 13, DataLocation = 14;

    /// <summary>ValueInfoProto, TypeProto, TypeProto.Tensor, TensorShapeProto and its Dimension.</summary>
    public const int ValueName = 1, ValueType = 2, TensorType = 1, ElementType = 1, Shape = 2, Dim = 1, DimValue = 1, DimParam = 2;

    /// <summary>AttributeProto.AttributeType.</summary>
    public const int TypeFloat = 1, TypeInt = 2, TypeString = 3, TypeTensor = 4, TypeInts = 7;

    /// <summary>TensorProto.DataType of float32 and int64.</summary>
    public const int Float32 = 1, Int64 = 7;

    /// <summary>Returns the name of a TensorProto.DataType.</summary>
    public static string TypeName(int type) => type switch
    {
        Float32 => "float32",
        2 => "uint8",
        3 => "int8",
        6 => "int32",
        Int64 => "int64",
        10 => "float16",
        11 => "float64",
        16 => "bfloat16",
        _ => FormattableString.Invariant($"of the element type {type}"),
    };

    /// <summary>The longest name in a file, bytes.</summary>
    public const int MaxNameBytes = 512;
}
