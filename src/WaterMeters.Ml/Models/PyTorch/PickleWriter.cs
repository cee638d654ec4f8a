using System.Buffers.Binary;
using System.Text;

namespace WaterMeters.Ml.Models.PyTorch;

/// <summary>Writes the few opcodes of pickle protocol 2 that a state_dict needs.</summary>
internal sealed class PickleWriter
{
    private readonly MemoryStream bytes = new();

    /// <summary>The bytes written so far.</summary>
    public ReadOnlySpan<byte> Bytes => bytes.GetBuffer().AsSpan(0, (int)bytes.Length);

    /// <summary>Writes the protocol version.</summary>
    public void Begin() => Write(PickleOpcode.PROTO, 2);

    /// <summary>Ends the pickle.</summary>
    public void Stop() => Write(PickleOpcode.STOP);

    /// <summary>Marks the start of a tuple or a sequence of items.</summary>
    public void Mark() => Write(PickleOpcode.MARK);

    /// <summary>Makes a tuple of the values after the mark.</summary>
    public void Tuple() => Write(PickleOpcode.TUPLE);

    /// <summary>Sets the keys and values after the mark in the dict before it.</summary>
    public void SetItems() => Write(PickleOpcode.SETITEMS);

    /// <summary>Calls the function on the stack with the tuple above it.</summary>
    public void Reduce() => Write(PickleOpcode.REDUCE);

    /// <summary>Writes an empty OrderedDict.</summary>
    public void EmptyDictionary()
    {
        Global("collections", "OrderedDict");
        Write(PickleOpcode.EMPTY_TUPLE);
        Reduce();
    }

    /// <summary>Writes the name of an item in a Python module.</summary>
    public void Global(string module, string name)
    {
        Write(PickleOpcode.GLOBAL);
        bytes.Write(Encoding.ASCII.GetBytes($"{module}\n{name}\n"));
    }

    /// <summary>Writes a text.</summary>
    public void Text(string text)
    {
        byte[] encoded = Encoding.UTF8.GetBytes(text);
        Write(PickleOpcode.BINUNICODE);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, encoded.Length);
        bytes.Write(length);
        bytes.Write(encoded);
    }

    /// <summary>Writes an integer.</summary>
    public void Number(long number)
    {
        Span<byte> little = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(little, number);
        if (number is >= 0 and <= byte.MaxValue)
        {
            Write(PickleOpcode.BININT1, little[0]);
        }
        else if (number is >= int.MinValue and <= int.MaxValue)
        {
            Write(PickleOpcode.BININT);
            bytes.Write(little[..4]);
        }
        else
        {
            Write(PickleOpcode.LONG1, 8);
            bytes.Write(little);
        }
    }

    /// <summary>Writes a boolean.</summary>
    public void Boolean(bool value) => Write(value ? PickleOpcode.NEWTRUE : PickleOpcode.NEWFALSE);

    /// <summary>Writes any opcode, with its one-byte argument if it has one.</summary>
    public void Write(PickleOpcode opcode, byte? argument = null)
    {
        bytes.WriteByte((byte)opcode);
        if (argument is { } value) bytes.WriteByte(value);
    }

    /// <summary>
    /// Writes a tensor that fills the storage with this number: row-major float32, or an int64 scalar when there is no shape.
    /// </summary>
    public void Tensor(int storage, long[]? shape)
    {
        long count = 1;
        foreach (long n in shape ?? []) count *= n;
        Global("torch._utils", "_rebuild_tensor_v2");
        Mark();
        Mark();
        Text("storage");
        Global("torch", shape is null ? "LongStorage" : "FloatStorage");
        Text(storage.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Text("cpu");
        Number(count);
        Tuple();
        Write(PickleOpcode.BINPERSID);
        Number(0);
        Numbers(shape ?? []);
        Numbers(Strides(shape ?? []));
        Boolean(false);
        EmptyDictionary();
        Tuple();
        Reduce();
    }

    private static long[] Strides(long[] shape)
    {
        var strides = new long[shape.Length];
        long stride = 1;
        for (int i = shape.Length - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= shape[i];
        }

        return strides;
    }

    private void Numbers(long[] numbers)
    {
        Mark();
        foreach (long number in numbers) Number(number);
        Tuple();
    }
}
