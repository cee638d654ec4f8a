using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Models.Tensors;

/// <summary>
/// Reads and writes the safetensors format: the header's length as a little-endian u64, a JSON header
/// ({name: {dtype, shape, data_offsets}}, <c>__metadata__</c> from string to string), and the data without gaps.
/// </summary>
internal static class SafeTensorsFile
{
    // The format allows a header of 100 MB, but a header costs more memory than tensors do.
    private const int MaxHeader = MetadataText.MaxBytes, MaxTensors = 10_000;

    /// <summary>Reads a file; allocates no more than its size.</summary>
    /// <exception cref="ModelException">The file is missing, damaged, or in another format; the message says which.</exception>
    public static StoredTensors Read(string path) => BinaryFile.Open(path, ".safetensors", file => Read(file));

    /// <summary>Writes a file, completely or not at all.</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="metadata">The metadata.</param>
    /// <param name="tensors">The tensors, written as float32.</param>
    /// <param name="counters">The int64 scalars.</param>
    public static void Write(
        string path,
        IReadOnlyDictionary<string, string> metadata,
        IReadOnlyDictionary<string, WeightTensor> tensors,
        IReadOnlyDictionary<string, long> counters)
    {
        byte[] header = Header(metadata, tensors, counters);
        AtomicFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
            stream.Write(length);
            stream.Write(header);
            foreach (long count in counters.Values)
            {
                BinaryPrimitives.WriteInt64LittleEndian(length, count);
                stream.Write(length);
            }

            foreach (var tensor in tensors.Values) stream.Write(MemoryMarshal.AsBytes(tensor.Values.AsSpan()));
        });
    }

    private static byte[] Header(
        IReadOnlyDictionary<string, string> metadata,
        IReadOnlyDictionary<string, WeightTensor> tensors,
        IReadOnlyDictionary<string, long> counters)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            foreach (var (key, value) in metadata) json.WriteString(key, value);
            json.WriteEndObject();
            long offset = 0;
            foreach (string name in counters.Keys) offset = WriteEntry(json, name, ElementType.I64, [], offset, 8);
            foreach (var (name, tensor) in tensors)
            {
                offset = WriteEntry(json, name, ElementType.F32, tensor.Shape, offset, tensor.Values.LongLength * 4);
            }

            json.WriteEndObject();
        }

        // Readers map the file and need aligned data; the format allows spaces after the JSON.
        while (buffer.Length % 8 != 0) buffer.WriteByte((byte)' ');
        return buffer.ToArray();
    }

    private static long WriteEntry(Utf8JsonWriter json, string name, ElementType type, long[] shape, long offset, long bytes)
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

    /// <summary>Reads an open file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="check">Checks its header before the values are read; null accepts any, with the names it has.</param>
    public static StoredTensors Read(BinaryFile file, HeaderCheck? check = null)
    {
        if (file.Length < 10) throw new InvalidDataException($"it has only {file.Length} bytes");
        long headerLength = file.ReadInt64(0), dataStart = 8 + headerLength, dataLength = file.Length - dataStart;
        if (headerLength < 2 || headerLength > file.Length - 8)
        {
            throw new InvalidDataException($"its header claims {(ulong)headerLength} bytes; the file has {file.Length}");
        }

        var entries = ReadEntries(file.Read(8, headerLength, MaxHeader, "its header"), out var metadata);
        CheckOffsets(entries, dataLength);
        var header = new StoredHeader
        {
            Metadata = metadata,
            Tensors = [.. entries.Where(e => e.Type.IsFloat()).Select(e => (e.Name, e.Shape))],
        };
        var nameOf = check?.Invoke(header) ?? (name => name);
        var tensors = new Dictionary<string, WeightTensor>(StringComparer.Ordinal);
        var counters = new Dictionary<string, long>(StringComparer.Ordinal);
        var others = new List<string>();
        foreach (var entry in entries)
        {
            if (entry.Type.IsFloat())
            {
                float[] values = file.ReadFloats(dataStart + entry.Begin, entry.Type, (entry.End - entry.Begin) / entry.Type.Size());
                tensors.Add(nameOf(entry.Name), new WeightTensor(entry.Shape, values));
            }
            else if (entry is { Type: ElementType.I64, Shape.Length: 0 })
            {
                counters[nameOf(entry.Name)] = file.ReadInt64(dataStart + entry.Begin);
            }
            else
            {
                others.Add(entry.Name);
            }
        }

        return new StoredTensors { Metadata = metadata, Tensors = tensors, Counters = counters, Others = others };
    }

    /// <summary>Sorts the entries by their data, and checks that they cover them without gap or overlap.</summary>
    private static void CheckOffsets(List<SafeTensorEntry> entries, long dataLength)
    {
        entries.Sort((a, b) => a.Begin != b.Begin ? a.Begin.CompareTo(b.Begin) : a.End.CompareTo(b.End));
        long at = 0;
        foreach (var entry in entries)
        {
            if (entry.Begin != at || entry.End > dataLength)
            {
                throw new InvalidDataException($"the data of '{entry.Name}' are not where its header says, or are cut off");
            }

            at = entry.End;
        }

        if (at != dataLength) throw new InvalidDataException($"{dataLength - at} bytes at its end belong to no tensor");
    }

    private static List<SafeTensorEntry> ReadEntries(byte[] header, out Dictionary<string, string> metadata)
    {
        metadata = [];
        var entries = new List<SafeTensorEntry>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var json = new Utf8JsonReader(header);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject) throw new InvalidDataException("its header is not a JSON object");
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string name = MetadataText.Name(ref json);
            json.Read();
            if (!names.Add(name)) throw new InvalidDataException($"it names '{name}' twice");
            if (names.Count > MaxTensors) throw new InvalidDataException($"it names more than {MaxTensors} tensors");
            if (name == "__metadata__") metadata = MetadataText.Read(ref json);
            else entries.Add(SafeTensorEntry.Read(ref json, name)
                ?? throw new InvalidDataException($"the entry of '{name}' contradicts itself"));
        }

        // Only spaces may follow the object.
        json.Read();
        return entries;
    }
}
