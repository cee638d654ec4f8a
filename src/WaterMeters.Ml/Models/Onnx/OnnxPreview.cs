using WaterMeters.Ml.Foundation;
using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Models.Onnx;

/// <summary>
/// Looks at inputs and outputs of a large ONNX file without reading its tensors, so that a foreign network of gigabytes is refused at the
/// cost of its description.
/// </summary>
internal static class OnnxPreview
{
    // Protobuf messages are limited to 2 GB.
    private const long MaxBytes = int.MaxValue - (1 << 20);
    private const int MaxFields = 50_000, MaxDescription = 1 << 16, LongestHead = 20, Bytes = 2;

    /// <summary>Refuses a file with other inputs or outputs than one. A file that it does not understand is left to the parser.</summary>
    /// <exception cref="ModelRefusedException">The file is too large.</exception>
    /// <exception cref="InvalidDataException">It is not a network from images to one logit per pixel.</exception>
    public static void Check(BinaryFile file)
    {
        if (file.Length > MaxBytes)
        {
            throw new ModelRefusedException(
                $"it has {Megabytes.FromBytes(file.Length):0} MB; at most 2047 MB are supported. Use a model from Start-WmsTraining.");
        }

        var inputs = new List<(string Name, int Type, long?[] Shape)>();
        var initializers = new HashSet<string>(StringComparer.Ordinal);
        int outputs = 0;
        foreach (var (number, begin, length) in Fields(file, 0, file.Length))
        {
            if (number != OnnxFields.Graph) continue;
            foreach (var (part, at, bytes) in Fields(file, begin, length))
            {
                if (part == OnnxFields.Output) outputs++;
                if (part == OnnxFields.Input && bytes <= MaxDescription) inputs.Add(OnnxParser.ReadValue(Message(file, at, bytes)));
                if (part == OnnxFields.Initializer) initializers.Add(NameOf(file, at, bytes));
            }
        }

        inputs.RemoveAll(i => initializers.Contains(i.Name));
        if (inputs.Count == 1 && outputs == 1) OnnxModel.InputSize(inputs[0]);
        else throw new InvalidDataException($"it has {inputs.Count} inputs and {outputs} outputs; one of each is needed");
    }

    private static string NameOf(BinaryFile file, long begin, long length)
    {
        foreach (var (number, at, bytes) in Fields(file, begin, length))
        {
            if (number != OnnxFields.TensorName || bytes > OnnxFields.MaxNameBytes) continue;
            return System.Text.Encoding.UTF8.GetString(file.Read(at, bytes, OnnxFields.MaxNameBytes, "a name"));
        }

        return "";
    }

    private static ProtobufReader Message(BinaryFile file, long begin, long length) =>
        new(file.Read(begin, length, MaxDescription, "the description of an input"), new ProtobufLimits());

    /// <summary>Returns the fields of a message: number, and place of the bytes, which are not read; numbers have length 0.</summary>
    private static IEnumerable<(int Number, long Begin, long Length)> Fields(BinaryFile file, long begin, long length)
    {
        long at = begin, end = begin + length;
        byte[] head = new byte[LongestHead];
        for (int fields = 0; at < end; fields++)
        {
            if (fields == MaxFields) throw new InvalidDataException($"it has more than {MaxFields} fields");
            int available = (int)Math.Min(LongestHead, end - at);
            file.Read(at, head.AsSpan(0, available));
            int used = 0;
            ulong tag = Varint(head.AsSpan(0, available), ref used);
            var (number, wire) = ((int)(tag >> 3), (int)(tag & 7));
            long bytes = wire switch
            {
                0 => Skip(head.AsSpan(0, available), ref used),
                1 => 8,
                5 => 4,
                Bytes => (long)Math.Min(Varint(head.AsSpan(0, available), ref used), long.MaxValue),
                _ => throw new InvalidDataException($"field {number} has the unknown wire type {wire}"),
            };
            if (bytes > end - at - used) throw new InvalidDataException($"{bytes} bytes are claimed, but only {end - at - used} are left");
            yield return (number, at + used, bytes);
            at += used + bytes;
        }
    }

    private static long Skip(ReadOnlySpan<byte> bytes, ref int used)
    {
        Varint(bytes, ref used);
        return 0;
    }

    private static ulong Varint(ReadOnlySpan<byte> bytes, ref int used)
    {
        ulong value = 0;
        for (int shift = 0; shift < 64 && used < bytes.Length; shift += 7)
        {
            byte next = bytes[used++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80) return value;
        }

        throw new InvalidDataException("a number has more than ten bytes, or is cut off");
    }
}
