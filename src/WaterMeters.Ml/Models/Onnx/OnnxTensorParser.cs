using System.Buffers.Binary;
using System.Globalization;
using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Models.Onnx;

/// <summary>Reads what a tensor in an ONNX file is; of its numbers only a few, such as the sizes of a Resize.</summary>
internal static class OnnxTensorParser
{
    /// <summary>Dimensions a tensor may have, and numbers of it that are read.</summary>
    public const int MostDimensions = 8, MostValues = 64;

    /// <summary>Reads a TensorProto.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or its numbers are not as many as its size says.</exception>
    public static OnnxTensor Read(ProtobufReader reader)
    {
        string name = "", file = "";
        int type = 0;
        long location = 0, offset = 0, stored = -1, intCount = 0, dimensions = 0;
        long? length = null;
        var shape = new List<long>();
        var ints = new List<long>();
        ReadOnlySpan<byte> raw = default, floats = default;
        bool isRaw = false;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case OnnxFields.TensorName: name = reader.Text(OnnxFields.LongestName); break;
                case OnnxFields.DataType: type = OnnxParser.ElementType(reader.Int()); break;
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
                    var (key, value) = OnnxParser.ReadEntry(reader.Message(), OnnxFields.LongestName);
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

    private static long Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw new InvalidDataException($"it gives '{text}' as a place in its data file");
}
