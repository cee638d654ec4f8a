using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;

namespace WaterMeters.Ops.Versioning.Contents;

/// <summary>The MD5 of a file, by which DVC names its content: 16 bytes, written as 32 lower-case hexadecimal digits.</summary>
/// <param name="Value">The digits as a number.</param>
internal readonly record struct ContentHash(UInt128 Value) : IComparable<ContentHash>
{
    /// <summary>Number of digits.</summary>
    public const int Digits = 32;

    private static readonly SearchValues<char> LowerDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>Computes the hash of bytes.</summary>
    [SuppressMessage("Security", "CA5351", Justification = "DVC names files by their MD5.")]
    public static ContentHash Of(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[MD5.HashSizeInBytes];
        MD5.HashData(content, hash);
        return FromBytes(hash);
    }

    /// <summary>Reads the 16 bytes that a hash function returned.</summary>
    public static ContentHash FromBytes(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt128BigEndian(bytes));

    /// <summary>Reads the digits; false for any other text, such as one with capital letters.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ContentHash hash)
    {
        hash = default;
        if (text.Length != Digits || text.ContainsAnyExcept(LowerDigits)) return false;
        hash = new(UInt128.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
        return true;
    }

    /// <summary>Returns the 16 bytes.</summary>
    public byte[] ToBytes()
    {
        byte[] bytes = new byte[MD5.HashSizeInBytes];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Value);
        return bytes;
    }

    /// <inheritdoc/>
    public int CompareTo(ContentHash other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);
}
