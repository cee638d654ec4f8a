using System.Security.Cryptography;

namespace WaterMeters.Ml.Runtime;

/// <summary>SHA-512 of packages, in base64 as NuGet writes it.</summary>
public static class PackageHash
{
    private const int Length = 64, BufferLength = 1 << 20;

    /// <summary>The hash of a stream from where it stands to its end.</summary>
    public static string Compute(Stream stream, Action<long>? read, CancellationToken stop)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
        byte[] buffer = new byte[BufferLength];
        long total = 0;
        while (stream.Read(buffer) is > 0 and int count)
        {
            stop.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, count);
            read?.Invoke(total += count);
        }

        return Convert.ToBase64String(hash.GetHashAndReset());
    }

    /// <summary>A hash in base64 (as in .nupkg.sha512) or in hexadecimal (as Get-FileHash writes it), as base64; null when it is neither.</summary>
    public static string? Parse(string text)
    {
        text = text.Trim();
        byte[] bytes = new byte[Length];
        bool valid = text.Length == 2 * Length
            ? Convert.FromHexString(text, bytes, out _, out int written) == System.Buffers.OperationStatus.Done && written == Length
            : Convert.TryFromBase64String(text, bytes, out written) && written == Length;
        return valid ? Convert.ToBase64String(bytes) : null;
    }
}
