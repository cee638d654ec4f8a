using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace WaterMeters.Ml.Models;

/// <summary>
/// A file of tensors in the safetensors format: a little-endian u64 with the header's length, a JSON header
/// ({name: {dtype, shape, data_offsets}}, <c>__metadata__</c> from string to string), the data without gaps.
/// </summary>
internal sealed class SafeTensorsFile
{
    private const long MaxHeader = 100L << 20;

    /// <summary>Text beside the tensors.</summary>
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    /// <summary>The floating-point tensors, as float32.</summary>
    public required IReadOnlyDictionary<string, WeightTensor> Tensors { get; init; }

    /// <summary>Names of the tensors of other types, such as step counters; their values are not read.</summary>
    public IReadOnlyList<string> Others { get; init; } = [];

    /// <summary>Reads a file; allocates no more than its size says.</summary>
    /// <exception cref="ModelException">The file is not there, damaged, or in another format; the message says which.</exception>
    public static SafeTensorsFile Read(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
            return Read(stream, path);
        }
        catch (FileNotFoundException e)
        {
            throw new ModelException(path, $"There is no model file '{path}'. Check the path, or train one with Start-WmsTraining.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelException(path, $"The model file '{path}' cannot be read: {e.Message}", e);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or OverflowException)
        {
            throw Damaged(path, $"its header is no valid JSON of that format ({e.Message})", e);
        }
    }

    /// <summary>Writes a file beside its name and moves it over.</summary>
    /// <param name="path">Where to write; an existing file is replaced as a whole.</param>
    /// <param name="metadata">Text beside the tensors.</param>
    /// <param name="tensors">The tensors, written as float32.</param>
    /// <param name="counters">Names of int64 scalars to write as 0.</param>
    public static void Write(
        string path, IReadOnlyDictionary<string, string> metadata, IReadOnlyDictionary<string, WeightTensor> tensors, IEnumerable<string> counters)
    {
        byte[] header = Header(metadata, tensors, counters.ToList(), out int counterBytes);
        FileReplacement.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
            stream.Write(length);
            stream.Write(header);
            stream.Write(new byte[counterBytes]);
            foreach (var tensor in tensors.Values) stream.Write(MemoryMarshal.AsBytes(tensor.Values.AsSpan()));
        });
    }

    private static byte[] Header(
        IReadOnlyDictionary<string, string> metadata, IReadOnlyDictionary<string, WeightTensor> tensors, List<string> counters, out int counterBytes)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            foreach (var (key, value) in metadata) json.WriteString(key, value);
            json.WriteEndObject();
            long offset = 0;
            foreach (string name in counters) offset = Entry(json, name, SafeTensorType.I64, [], offset, 8);
            counterBytes = (int)offset;
            foreach (var (name, tensor) in tensors) offset = Entry(json, name, SafeTensorType.F32, tensor.Shape, offset, tensor.Values.LongLength * 4);
            json.WriteEndObject();
        }

        // Readers map the file and want aligned data; spaces behind the JSON are part of the format.
        while (buffer.Length % 8 != 0) buffer.WriteByte((byte)' ');
        return buffer.ToArray();
    }

    private static long Entry(Utf8JsonWriter json, string name, SafeTensorType type, long[] shape, long offset, long bytes)
    {
        json.WriteStartObject(name);
        json.WriteString("dtype", type.ToString());
        json.WriteStartArray("shape");
        foreach (long n in shape) json.WriteNumberValue(n);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(offset);
        json.WriteNumberValue(offset + bytes);
        json.WriteEndArray();
        json.WriteEndObject();
        return offset + bytes;
    }

    private static SafeTensorsFile Read(FileStream stream, string path)
    {
        Span<byte> first = stackalloc byte[8];
        if (stream.Length < 10) throw Damaged(path, $"it has only {stream.Length} bytes");
        stream.ReadExactly(first);
        long headerLength = BinaryPrimitives.ReadInt64LittleEndian(first);
        if (headerLength is < 2 or > MaxHeader || headerLength > stream.Length - 8)
        {
            throw Damaged(path, $"its header claims {(ulong)headerLength} bytes of the {stream.Length} there are");
        }

        var headerBytes = new byte[headerLength];
        stream.ReadExactly(headerBytes);
        using var header = JsonDocument.Parse(headerBytes);
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var tensors = new Dictionary<string, WeightTensor>(StringComparer.Ordinal);
        var others = new List<string>();
        var entries = new List<SafeTensorEntry>();
        foreach (var property in header.RootElement.EnumerateObject())
        {
            if (property.Name == "__metadata__")
            {
                foreach (var text in property.Value.EnumerateObject()) metadata[text.Name] = text.Value.GetString() ?? "";
            }
            else
            {
                entries.Add(SafeTensorEntry.Parse(property) ?? throw Damaged(path, $"the entry of '{property.Name}' does not fit its own numbers"));
            }
        }

        // The offsets must tile the data, so no two tensors share bytes and none leaves the file.
        entries.Sort((a, b) => a.Begin != b.Begin ? a.Begin.CompareTo(b.Begin) : a.End.CompareTo(b.End));
        long at = 0, dataStart = 8 + headerLength;
        foreach (var entry in entries)
        {
            if (entry.Begin != at || entry.End > stream.Length - dataStart) throw Damaged(path, $"the data of '{entry.Name}' are not where its header says, or are cut off");
            at = entry.End;
            if (!entry.Type.IsFloat())
            {
                others.Add(entry.Name);
                stream.Seek(entry.End - entry.Begin, SeekOrigin.Current);
                continue;
            }

            var bytes = new byte[entry.End - entry.Begin];
            stream.ReadExactly(bytes);
            if (!tensors.TryAdd(entry.Name, new WeightTensor(entry.Shape, entry.Type.ToFloats(bytes)))) throw Damaged(path, $"it names '{entry.Name}' twice");
        }

        if (at != stream.Length - dataStart) throw Damaged(path, $"{stream.Length - dataStart - at} bytes at its end belong to no tensor");
        return new SafeTensorsFile { Metadata = metadata, Tensors = tensors, Others = others };
    }

    private static ModelException Damaged(string path, string why, Exception? inner = null) =>
        new(path, $"'{path}' is not a whole .safetensors file: {why}. Copy it again from where it came, or train a new one with Start-WmsTraining.", inner);
}
