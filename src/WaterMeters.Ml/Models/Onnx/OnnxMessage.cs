using Google.Protobuf;

namespace WaterMeters.Ml.Models.Onnx;

/// <summary>Builds a protobuf message, with its fields in the order they are added.</summary>
internal sealed class OnnxMessage
{
    private readonly MemoryStream bytes = new();
    private readonly CodedOutputStream output;

    /// <summary>Creates an empty message.</summary>
    public OnnxMessage() => output = new CodedOutputStream(bytes, leaveOpen: true);

    /// <summary>Adds a number.</summary>
    public OnnxMessage Add(int field, long value)
    {
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteInt64(value);
        return this;
    }

    /// <summary>Adds a 32-bit floating-point number.</summary>
    public OnnxMessage Add(int field, float value)
    {
        output.WriteTag(field, WireFormat.WireType.Fixed32);
        output.WriteFloat(value);
        return this;
    }

    /// <summary>Adds a text.</summary>
    public OnnxMessage Add(int field, string value)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteString(value);
        return this;
    }

    /// <summary>Adds bytes.</summary>
    public OnnxMessage Add(int field, ReadOnlyMemory<byte> value)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(UnsafeByteOperations.UnsafeWrap(value));
        return this;
    }

    /// <summary>Adds a message.</summary>
    public OnnxMessage Add(int field, OnnxMessage message) => Add(field, message.ToMemory());

    /// <summary>Returns the message so far.</summary>
    public ReadOnlyMemory<byte> ToMemory()
    {
        output.Flush();
        return bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
    }
}
