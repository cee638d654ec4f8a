using System.Text.Json;

namespace WaterMeters.Ml.Models.Tensors;

/// <summary>The metadata in a model file: a JSON object from string to string.</summary>
internal static class MetadataText
{
    /// <summary>The largest metadata that this module reads, bytes: enough for the hashes of 380,000 photos.</summary>
    public const int MaxBytes = 24 << 20;

    /// <summary>The longest name of a tensor or a metadata entry, bytes.</summary>
    public const int MaxName = 512;

    private const int MaxEntries = 1000, MaxEscaped = 1 << 20;

    /// <summary>Reads the object in <paramref name="bytes"/>.</summary>
    public static Dictionary<string, string> Read(ReadOnlySpan<byte> bytes)
    {
        var json = new Utf8JsonReader(bytes);
        json.Read();
        return Read(ref json);
    }

    /// <summary>Reads the object at the position of the reader.</summary>
    public static Dictionary<string, string> Read(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject) throw new InvalidDataException("its metadata are not a JSON object");
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string name = Name(ref json);
            json.Read();
            if (json.TokenType != JsonTokenType.String || texts.Count == MaxEntries)
            {
                throw new InvalidDataException(
                    $"its metadata have more than {MaxEntries} entries, or no string for '{ModelRefusedException.ForMessage(name)}'");
            }

            // Escapes cost another copy; long values are lists of hashes and have none.
            if (json.ValueIsEscaped && json.ValueSpan.Length > MaxEscaped)
            {
                throw new InvalidDataException(
                    $"its metadata have over {MaxEscaped} bytes with escapes for '{ModelRefusedException.ForMessage(name)}'");
            }

            texts[name] = json.GetString()!;
        }

        return texts;
    }

    /// <summary>Reads the property name at the position of the reader.</summary>
    public static string Name(ref Utf8JsonReader json) => json.ValueSpan.Length <= MaxName
        ? json.GetString()!
        : throw new InvalidDataException($"it has a name of {json.ValueSpan.Length} bytes; at most {MaxName} are supported");

    /// <summary>Writes the object.</summary>
    public static byte[] Write(IReadOnlyDictionary<string, string> texts)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var (name, text) in texts) json.WriteString(name, text);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
