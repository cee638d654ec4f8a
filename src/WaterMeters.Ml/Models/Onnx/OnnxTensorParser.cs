using System.Buffers.Binary;
using System.Globalization;
using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Models.Onnx;

/// <summary>Reads the description of a tensor in an ONNX file, and its values when they are few, such as the sizes of a Resize.</summary>
internal static class OnnxTensorParser
{
    /// <summary>The most dimensions a tensor may have, and the most values that are read.</summary>
    public const int MaxDimensions = 8, MaxValues = 64;

    /// <summary>Reads a TensorProto.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or its number of values does not match its shape.</exception>
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
                case OnnxFields.TensorName: name = reader.Text(OnnxFields.MaxNameBytes); break;
                case OnnxFields.DataType: type = OnnxParser.ElementType(reader.Int()); break;
                case OnnxFields.Dims: dimensions += reader.Ints(shape, MaxDimensions); break;
                case OnnxFields.RawData:
                    raw = reader.Bytes();
                    isRaw = true;
                    break;
                case OnnxFields.FloatData when reader.IsBytes && floats.IsEmpty: floats = reader.Bytes(); break;
                case OnnxFields.Int32Data or OnnxFields.Int64Data: intCount += reader.Ints(ints, MaxValues); break;
                case OnnxFields.FloatData or OnnxFields.DoubleData or OnnxFields.Uint64Data:
                    throw new InvalidDataException($"the tensor '{name}' stores its values in a form that is not supported");
                case OnnxFields.DataLocation: location = reader.Int(); break;
                case OnnxFields.ExternalData:
                    var (key, value) = OnnxParser.ReadEntry(reader.Message(), OnnxFields.MaxNameBytes);
                    if (key == "location") file = value;
                    else if (key == "offset") offset = Number(value);
                    else if (key == "length") length = Number(value);
                    break;
                default: reader.Skip(); break;
            }
        }

        if (dimensions > MaxDimensions || shape.Any(n => n is < 0 or > int.MaxValue))
        {
            throw new InvalidDataException($"the tensor '{name}' has an impossible size");
        }

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
        if (stored != bytes)
        {
            throw new InvalidDataException(
                $"the number of values in the tensor '{name}' does not match its shape {WeightTensor.Describe(tensor.Shape)}");
        }

        if (count > MaxValues) return tensor;
        return tensor with
        {
            Ints = Integers(type, isRaw, raw, ints, (int)count),
            Floats = type == OnnxFields.Float32 ? Numbers(isRaw ? raw : floats) : null,
        };
    }

    private static long[]? Integers(int type, bool isRaw, ReadOnlySpan<byte> raw, List<long> ints, int count)
    {
        if (type is not (OnnxFields.Int64 or 6)) return null;
        if (!isRaw) return [.. ints];
        var values = new long[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = type == OnnxFields.Int64
                ? BinaryPrimitives.ReadInt64LittleEndian(raw[(8 * i)..])
                : BinaryPrimitives.ReadInt32LittleEndian(raw[(4 * i)..]);
        }

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
            : throw new InvalidDataException($"it gives '{text}' as an offset or length in its data file");
}
