using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using System.Text.Unicode;
using WaterMeters.Ml.Models.Tensors;

namespace WaterMeters.Ml.Models.PyTorch;

/// <summary>
/// Reads a pickle of protocol 2 without executing anything. It accepts only the opcodes that a file of tensors needs, calls only the
/// functions that <see cref="TorchGlobals"/> implements, and reads classes as inert objects. Stack, memo and steps are bounded. Values are
/// null, bool, long, BigInteger, double, string, object?[] (tuple), List&lt;object?&gt;, <see cref="PickleDictionary"/>,
/// <see cref="PickleSet"/>, <see cref="PickleGlobal"/>, <see cref="PickleObject"/>, <see cref="TorchSlice"/> and <see cref="TorchTensor"/>.
/// </summary>
internal sealed class PickleReader
{
    // A pickled U-Net takes 8,000 steps; a step creates an object of up to 60 bytes.
    private const int MaxSteps = 200_000, MaxMemo = 100_000;

    private const string UseStateDictionary = "Save the model's state_dict with torch.save.";

    private readonly byte[] bytes;
    private readonly TorchStorages storages;
    private readonly List<object?> stack = [];
    private readonly Stack<int> marks = [];
    private readonly Dictionary<uint, object?> memo = [];
    private int at, steps;

    private PickleReader(byte[] bytes, int at, TorchStorages storages) => (this.bytes, this.at, this.storages) = (bytes, at, storages);

    /// <summary>Reads the pickle that starts at <paramref name="at"/> and moves it to the end of the pickle.</summary>
    public static object? Read(byte[] bytes, ref int at, TorchStorages storages)
    {
        var reader = new PickleReader(bytes, at, storages);
        while (reader.steps++ < MaxSteps)
        {
            if (!reader.Step(out object? result)) continue;
            at = reader.at;
            return result;
        }

        throw new InvalidDataException($"its pickle takes more than {MaxSteps} steps");
    }

    private bool Step(out object? result)
    {
        result = null;
        int start = at;
        switch ((PickleOpcode)Take(1)[0])
        {
            case PickleOpcode.PROTO:
                byte protocol = Take(1)[0];
                if (protocol != 2)
                {
                    throw new ModelRefusedException(
                        $"its pickle has protocol {protocol}, but PyTorch writes 2. Save it with torch.save and its default protocol.");
                }

                break;
            case PickleOpcode.STOP:
                result = Pop();
                if (stack.Count > 0 || marks.Count > 0) throw new InvalidDataException("its pickle ends with values left over");
                return true;

            case PickleOpcode.NONE: Push(null); break;
            case PickleOpcode.NEWTRUE: Push(true); break;
            case PickleOpcode.NEWFALSE: Push(false); break;
            case PickleOpcode.BININT: Push((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4))); break;
            case PickleOpcode.BININT1: Push((long)Take(1)[0]); break;
            case PickleOpcode.BININT2: Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2))); break;
            case PickleOpcode.BINFLOAT: Push(BinaryPrimitives.ReadDoubleBigEndian(Take(8))); break;
            case PickleOpcode.LONG1:
                var number = new BigInteger(Take(Take(1)[0]));
                Push(number >= long.MinValue && number <= long.MaxValue ? (object)(long)number : number);
                break;
            case PickleOpcode.BINUNICODE: Push(Text(Take(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))))); break;
            case PickleOpcode.SHORT_BINSTRING: Push(Encoding.Latin1.GetString(Take(Take(1)[0]))); break;

            case PickleOpcode.EMPTY_TUPLE: Push(Array.Empty<object?>()); break;
            case PickleOpcode.EMPTY_LIST: Push(new List<object?>()); break;
            case PickleOpcode.EMPTY_DICT: Push(new PickleDictionary()); break;
            case PickleOpcode.EMPTY_SET: Push(new PickleSet([])); break;
            case PickleOpcode.TUPLE1: Push(PopMany(1)); break;
            case PickleOpcode.TUPLE2: Push(PopMany(2)); break;
            case PickleOpcode.TUPLE3: Push(PopMany(3)); break;
            case PickleOpcode.MARK: marks.Push(stack.Count); break;
            case PickleOpcode.TUPLE: Push(PopToMark()); break;
            case PickleOpcode.APPEND: Append([Pop()]); break;
            case PickleOpcode.APPENDS: Append(PopToMark()); break;
            case PickleOpcode.SETITEM: Set(PopMany(2)); break;
            case PickleOpcode.SETITEMS: Set(PopToMark()); break;

            case PickleOpcode.BINPUT: Remember(Take(1)[0]); break;
            case PickleOpcode.LONG_BINPUT: Remember(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))); break;
            case PickleOpcode.BINGET: Push(Recall(Take(1)[0])); break;
            case PickleOpcode.LONG_BINGET: Push(Recall(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)))); break;

            case PickleOpcode.GLOBAL: Push(new PickleGlobal(Line(), Line())); break;
            case PickleOpcode.REDUCE:
                object?[] arguments = Pop() as object?[] ?? throw Unsupported("REDUCE", start);

                // A list can be recalled any number of times, and each call copies it.
                if (arguments is [List<object?> list]) steps += list.Count;
                Push(TorchGlobals.Call(Pop() as PickleGlobal ?? throw Unsupported("REDUCE", start), arguments));
                break;
            case PickleOpcode.NEWOBJ:
                if (Pop() is not object?[]) throw Unsupported("NEWOBJ", start);
                Push(new PickleObject(Pop() as PickleGlobal ?? throw Unsupported("NEWOBJ", start)));
                break;
            case PickleOpcode.BUILD: Build(Pop(), start); break;
            case PickleOpcode.BINPERSID: Push(storages.Resolve(Pop())); break;

            case var opcode:
                string name = Enum.IsDefined(opcode) ? $"{opcode} (0x{(byte)opcode:x2})" : $"0x{(byte)opcode:x2}";
                throw new ModelRefusedException(
                    $"its pickle uses the opcode {name} at byte {start}, which no file of tensors needs. {UseStateDictionary}");
        }

        return false;
    }

    private void Push(object? value) => stack.Add(value);

    private object? Pop()
    {
        if (stack.Count <= Floor) throw Underflow();
        object? value = stack[^1];
        stack.RemoveAt(stack.Count - 1);
        return value;
    }

    private int Floor => marks.TryPeek(out int mark) ? mark : 0;

    private object?[] PopMany(int count)
    {
        if (stack.Count - count < Floor) throw Underflow();
        return PopFrom(stack.Count - count);
    }

    private object?[] PopToMark() => marks.TryPop(out int mark) ? PopFrom(mark) : throw Underflow();

    private object?[] PopFrom(int index)
    {
        var values = new object?[stack.Count - index];
        stack.CopyTo(index, values, 0, values.Length);
        stack.RemoveRange(index, values.Length);
        return values;
    }

    private object? Top => stack.Count > Floor ? stack[^1] : throw Underflow();

    private void Append(ReadOnlySpan<object?> values)
    {
        // The items of an object of an unknown class, a list or dict with a name of its own, are not needed.
        if (Top is PickleObject) return;
        if (Top is not List<object?> list)
        {
            throw new InvalidDataException($"its pickle appends to a value that is not a list, near byte {at}");
        }

        list.AddRange(values);
    }

    private void Set(object?[] values)
    {
        if (Top is PickleObject && values.Length % 2 == 0) return;
        if (Top is not PickleDictionary dictionary || values.Length % 2 != 0)
        {
            throw new InvalidDataException($"its pickle sets items of a value that is not a dict, near byte {at}");
        }

        for (int i = 0; i < values.Length; i += 2) dictionary.Set(values[i], values[i + 1]);
    }

    private void Build(object? state, int start)
    {
        switch (Top)
        {
            case PickleObject inert: inert.State = state; break;
            case PickleDictionary: break; // attributes of an OrderedDict, such as the _metadata of a state_dict, which tensors do not need
            default: throw Unsupported("BUILD", start);
        }
    }

    private void Remember(uint index)
    {
        if (memo.Count >= MaxMemo) throw new InvalidDataException($"its pickle stores more than {MaxMemo} values");
        memo[index] = Top;
    }

    private object? Recall(uint index) => memo.TryGetValue(index, out object? value)
        ? value
        : throw new InvalidDataException($"its pickle recalls value {index}, which was not stored");

    private ReadOnlySpan<byte> Take(uint count)
    {
        if (count > bytes.Length - at) throw new InvalidDataException($"its pickle is cut off, or longer than {bytes.Length} bytes");
        var taken = bytes.AsSpan(at, (int)count);
        at += (int)count;
        return taken;
    }

    private string Line()
    {
        var rest = bytes.AsSpan(at, Math.Min(bytes.Length - at, 256));
        int end = rest.IndexOf((byte)'\n');
        if (end < 0) throw new InvalidDataException($"its pickle has an unterminated name at byte {at}");
        at += end + 1;
        return Text(rest[..end]);
    }

    private static string Text(ReadOnlySpan<byte> text) =>
        Utf8.IsValid(text) ? Encoding.UTF8.GetString(text) : throw new InvalidDataException("its pickle has text that is not UTF-8");

    private static InvalidDataException Underflow() => new("its pickle takes more values from the stack than there are");

    private static ModelRefusedException Unsupported(string opcode, int start) =>
        new($"its pickle uses {opcode} at byte {start} on a value that this module does not support. {UseStateDictionary}");
}
