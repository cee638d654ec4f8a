using System.Text.Json;

namespace WaterMeters.Ml.Models.Tensors;

/// <summary>One tensor in the header of a safetensors file; offsets count from the end of the header.</summary>
internal readonly record struct SafeTensorEntry(string Name, ElementType Type, long[] Shape, long Begin, long End)
{
    /// <summary>The most dimensions a tensor may have.</summary>
    public const int MaxDimensions = 8;

    /// <summary>Reads an entry at the position of the reader; null when its type is unknown or its numbers contradict each other.</summary>
    public static SafeTensorEntry? Read(ref Utf8JsonReader json, string name)
    {
        string? dtype = null;
        List<long>? shape = null, offsets = null;
        if (json.TokenType != JsonTokenType.StartObject) return null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string key = json.GetString()!;
            json.Read();
            switch (key)
            {
                case "dtype": dtype = json.GetString(); break;
                case "shape": shape = Numbers(ref json, MaxDimensions); break;
                case "data_offsets": offsets = Numbers(ref json, 2); break;
                default: json.Skip(); break;
            }
        }

        if (!Enum.TryParse(dtype, out ElementType type) || type.ToString() != dtype) return null;
        if (shape is null || offsets is not [var begin, var end]) return null;
        if (begin < 0 || end < begin || shape.Any(n => n < 0)) return null;
        long elements = 1;
        foreach (long n in shape) elements = checked(elements * n);
        return checked(elements * type.Size()) == end - begin ? new SafeTensorEntry(name, type, [.. shape], begin, end) : null;
    }

    private static List<long>? Numbers(ref Utf8JsonReader json, int maxCount)
    {
        var numbers = new List<long>();
        if (json.TokenType != JsonTokenType.StartArray) return null;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (numbers.Count == maxCount) return null;
            numbers.Add(json.GetInt64());
        }

        return numbers;
    }
}
