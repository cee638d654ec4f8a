using System.Diagnostics.CodeAnalysis;

namespace WaterMeters.Ml.Foundation;

/// <summary>Reads one name of an enumeration. Enum.TryParse would also take numbers, and join names at commas with OR.</summary>
internal static class EnumName
{
    /// <summary>Returns the value with exactly this name, in any case of letters.</summary>
    public static bool TryParse<T>([NotNullWhen(true)] string? text, out T value)
        where T : struct, Enum
    {
        value = default;
        return Array.Exists(Enum.GetNames<T>(), name => name.Equals(text, StringComparison.OrdinalIgnoreCase))
            && Enum.TryParse(text, ignoreCase: true, out value);
    }
}
