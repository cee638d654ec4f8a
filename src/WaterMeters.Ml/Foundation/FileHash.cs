using System.Security.Cryptography;
using System.Text;

namespace WaterMeters.Ml.Foundation;

/// <summary>Content hashes: SHA-256 as 64 lower-case hexadecimal digits.</summary>
public static class FileHash
{
    /// <summary>Computes the hash of a file.</summary>
    /// <exception cref="PhotoException">The file cannot be read.</exception>
    public static string Compute(string path)
    {
        try
        {
            using var stream = HeldFile.OpenRead(path);
            return Compute(stream);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.CannotRead(path, e);
        }
    }

    /// <summary>Computes the hash of the rest of a stream.</summary>
    internal static string Compute(Stream stream) => Convert.ToHexStringLower(SHA256.HashData(stream));

    /// <summary>Returns whether a text is such a hash, in upper or lower case.</summary>
    internal static bool IsHash(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigit);

    /// <summary>Computes the hash of a file's bytes.</summary>
    internal static string ComputeBytes(ReadOnlySpan<byte> file) => Convert.ToHexStringLower(SHA256.HashData(file));

    /// <summary>Computes one hash over lines of text, independent of their order.</summary>
    public static string Combine(IEnumerable<string> lines)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string line in lines.Order(StringComparer.Ordinal)) hash.AppendData(Encoding.UTF8.GetBytes(line + "\n"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
