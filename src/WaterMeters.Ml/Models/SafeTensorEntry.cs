using System.Text.Json;

namespace WaterMeters.Ml.Models;

/// <summary>One tensor in the header of a safetensors file; offsets count from the end of the header.</summary>
internal readonly record struct SafeTensorEntry(string Name, SafeTensorType Type, long[] Shape, long Begin, long End)
{
    private const int MaxDimensions = 8;

    /// <summary>Reads an entry; null when its type is unknown or its numbers contradict each other.</summary>
    public static SafeTensorEntry? Parse(JsonProperty property)
    {
        var value = property.Value;
        if (value.ValueKind != JsonValueKind.Object
            || !value.TryGetProperty("dtype", out var dtype) || !Enum.TryParse(dtype.GetString(), out SafeTensorType type) || type.ToString() != dtype.GetString()
            || !value.TryGetProperty("shape", out var shapeValue) || shapeValue.GetArrayLength() > MaxDimensions
            || !value.TryGetProperty("data_offsets", out var offsets) || offsets.GetArrayLength() != 2)
        {
            return null;
        }

        long[] shape = shapeValue.EnumerateArray().Select(n => n.GetInt64()).ToArray();
        long begin = offsets[0].GetInt64(), end = offsets[1].GetInt64();
        if (begin < 0 || end < begin || shape.Any(n => n < 0)) return null;
        long elements = 1;
        foreach (long n in shape) elements = checked(elements * n);
        return checked(elements * type.Size()) == end - begin ? new SafeTensorEntry(property.Name, type, shape, begin, end) : null;
    }
}
