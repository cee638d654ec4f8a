namespace WaterMeters.Ops.Versioning.Contents;

/// <summary>
/// Orders texts by code point, as Python does. The ordinal order of .NET is that of UTF-16 units, in which a character beyond U+FFFF
/// comes before U+E000.
/// </summary>
internal sealed class CodePointOrder : IComparer<string>
{
    private CodePointOrder()
    {
    }

    /// <summary>The order.</summary>
    public static CodePointOrder Instance { get; } = new();

    /// <inheritdoc/>
    public int Compare(string? x, string? y)
    {
        if (x is null || y is null) return (x is null ? 0 : 1) - (y is null ? 0 : 1);
        int same = x.AsSpan().CommonPrefixLength(y);
        if (same == x.Length || same == y.Length) return x.Length - y.Length;
        char a = x[same], b = y[same];
        bool isHighA = char.IsSurrogate(a), isHighB = char.IsSurrogate(b);
        return isHighA == isHighB ? a - b : isHighA ? 1 : -1;
    }
}
