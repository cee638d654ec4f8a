using System.Text.Json;

namespace WaterMeters.Ml.Models.Tensors;

/// <summary>The text beside the tensors in a model file: one JSON object from string to string.</summary>
internal static class MetadataText
{
    /// <summary>The longest such text this module reads, bytes: the hashes of 380,000 photos.</summary>
    public const int MaxBytes = 24 << 20;

    /// <summary>The longest name of a tensor or a text, bytes.</summary>
    public const int MaxName = 512;

    private const int MaxTexts = 1000, MaxEscaped = 1 << 20;

    /// <summary>Reads an object that stands alone in <paramref name="bytes"/>.</summary>
    public static Dictionary<string, string> Read(ReadOnlySpan<byte> bytes)
    {
        var json = new Utf8JsonReader(bytes);
        json.Read();
        return Read(ref json);
    }

    /// <summary>Reads the object the reader stands on.</summary>
    public static Dictionary<string, string> Read(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject) throw new InvalidDataException("its metadata are no JSON object");
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string name = Name(ref json);
            json.Read();
            if (json.TokenType != JsonTokenType.String || texts.Count == MaxTexts) throw new InvalidDataException($"its metadata hold more than {MaxTexts} texts, or something else at '{ModelRefusedException.Shown(name)}'");

            // Escapes cost another copy; long texts are lists of hashes and have none.
            if (json.ValueIsEscaped && json.ValueSpan.Length > MaxEscaped) throw new InvalidDataException($"its metadata hold over {MaxEscaped} bytes with escapes at '{ModelRefusedException.Shown(name)}'");
            texts[name] = json.GetString()!;
        }

        return texts;
    }

    /// <summary>The property name the reader stands on.</summary>
    public static string Name(ref Utf8JsonReader json) => json.ValueSpan.Length <= MaxName
        ? json.GetString()!
        : throw new InvalidDataException($"it holds a name of {json.ValueSpan.Length} bytes; this reader takes {MaxName}");

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
