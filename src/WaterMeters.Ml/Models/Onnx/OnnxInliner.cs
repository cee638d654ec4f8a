namespace WaterMeters.Ml.Models.Onnx;

/// <summary>Fills the data of tensors in an ONNX file.</summary>
/// <param name="tensor">The tensor.</param>
/// <param name="into">Receives its bytes.</param>
internal delegate void OnnxDataReader(OnnxTensor tensor, Span<byte> into);

/// <summary>Writes an ONNX file again with the data of its tensors in it, and everything else as it was.</summary>
/// <param name="model">The file, which has been parsed once.</param>
/// <param name="read">Reads the data of a tensor that is in another file.</param>
internal sealed class OnnxInliner(byte[] model, OnnxDataReader read)
{
    private const int Bytes = 2; // protobuf's wire type

    // In order: a part of the file, new bytes, or the data of a tensor.
    private readonly List<(ReadOnlyMemory<byte> Bytes, OnnxTensor? Data)> parts = [];

    /// <summary>Returns the new file.</summary>
    public byte[] Inline()
    {
        var reader = new ProtobufReader(model, new ProtobufLimits());
        while (reader.Next())
        {
            if (reader.Field != OnnxFields.Graph)
            {
                reader.Skip();
                Keep(model.AsMemory(reader.Extent));
                continue;
            }

            // The graph's length is known only after its parts.
            int at = parts.Count;
            var graph = reader.Bytes();
            AddGraph(model.AsMemory(reader.Extent)[^graph.Length..]);
            long length = parts.Skip(at).Sum(Length);
            parts.Insert(at, (Head(OnnxFields.Graph, length), null));
        }

        byte[] whole = new byte[checked((int)parts.Sum(Length))];
        int position = 0;
        foreach (var (bytes, data) in parts)
        {
            var into = whole.AsSpan(position, data is null ? bytes.Length : (int)data.Bytes);
            if (data is null) bytes.Span.CopyTo(into);
            else read(data, into);
            position += into.Length;
        }

        return whole;
    }

    private void AddGraph(ReadOnlyMemory<byte> graph)
    {
        var reader = new ProtobufReader(graph.Span, new ProtobufLimits());
        while (reader.Next())
        {
            bool isTensor = reader.Field == OnnxFields.Initializer;
            if (!isTensor) reader.Skip();
            int length = isTensor ? reader.Bytes().Length : 0;
            var field = graph[reader.Extent];
            if (isTensor) AddTensor(field, field[^length..]);
            else Keep(field);
        }
    }

    private void AddTensor(ReadOnlyMemory<byte> field, ReadOnlyMemory<byte> message)
    {
        var tensor = OnnxTensorParser.Read(new ProtobufReader(message.Span, new ProtobufLimits()));
        if (tensor.External is null)
        {
            Keep(field);
            return;
        }

        int at = parts.Count;
        var reader = new ProtobufReader(message.Span, new ProtobufLimits());
        while (reader.Next())
        {
            reader.Skip();

            // What a file says of its values beside naming another file for them does not count.
            bool isData = reader.Field is OnnxFields.ExternalData or OnnxFields.DataLocation or OnnxFields.RawData or OnnxFields.FloatData
                or OnnxFields.Int32Data or OnnxFields.Int64Data;
            if (!isData) Keep(message[reader.Extent]);
        }

        parts.Add((Head(OnnxFields.RawData, tensor.Bytes), null));
        parts.Add((default, tensor));
        parts.Insert(at, (Head(OnnxFields.Initializer, parts.Skip(at).Sum(Length)), null));
    }

    private void Keep(ReadOnlyMemory<byte> bytes) => parts.Add((bytes, null));

    private static long Length((ReadOnlyMemory<byte> Bytes, OnnxTensor? Data) part) => part.Data?.Bytes ?? part.Bytes.Length;

    /// <summary>Returns the number, wire type and length with which a field of bytes begins.</summary>
    private static byte[] Head(int field, long length)
    {
        var bytes = new List<byte>();
        foreach (ulong number in new[] { ((ulong)field << 3) | Bytes, (ulong)length })
        {
            ulong rest = number;
            for (; rest >= 0x80; rest >>= 7) bytes.Add((byte)(rest | 0x80));
            bytes.Add((byte)rest);
        }

        return [.. bytes];
    }
}
