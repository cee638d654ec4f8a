using System.Security.Cryptography;

namespace WaterMeters.Ml.Runtime;

/// <summary>SHA-512 of packages, in base64 as NuGet writes it.</summary>
public static class PackageHash
{
    private const int Length = 64, BufferLength = 1 << 20;

    /// <summary>Computes the hash of a stream from its position to its end.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="read">Called with the number of bytes read so far; may be null.</param>
    /// <param name="stop">Cancels the computation.</param>
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

    /// <summary>
    /// Converts a hash in base64 (as in .nupkg.sha512) or hexadecimal (as from Get-FileHash) to base64; null when it is neither.
    /// </summary>
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
