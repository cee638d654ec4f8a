using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace WaterMeters.Ops.Versioning.Contents;

/// <summary>
/// Hashes content piece by piece. In the legacy form, DVC takes a file for text by its first 512 bytes and hashes it with LF for CRLF, in
/// pieces of 1 MiB: a CRLF between two pieces stays as it is.
/// </summary>
[SuppressMessage("Security", "CA5351", Justification = "DVC names files by their MD5.")]
internal sealed class ContentHasher : IDisposable
{
    private const int PieceBytes = 1 << 20, TextSample = 512;

    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
    private readonly byte[]? piece;
    private int filled;
    private bool? isText;

    /// <summary>Creates the hasher.</summary>
    /// <param name="isLegacy">Whether text is hashed with LF for CRLF.</param>
    public ContentHasher(bool isLegacy) => piece = isLegacy ? new byte[PieceBytes] : null;

    /// <summary>Computes the hash of a whole content.</summary>
    public static ContentHash Of(ReadOnlySpan<byte> content, bool isLegacy)
    {
        if (!isLegacy) return ContentHash.Of(content);
        using var hasher = new ContentHasher(isLegacy);
        hasher.Append(content);
        return hasher.Finish();
    }

    /// <summary>Adds the next bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (piece is null)
        {
            hash.AppendData(bytes);
            return;
        }

        while (bytes.Length > 0)
        {
            int count = Math.Min(bytes.Length, piece.Length - filled);
            bytes[..count].CopyTo(piece.AsSpan(filled));
            bytes = bytes[count..];
            filled += count;
            if (filled == piece.Length) Flush();
        }
    }

    /// <summary>Returns the hash of all bytes.</summary>
    public ContentHash Finish()
    {
        if (filled > 0) Flush();
        Span<byte> result = stackalloc byte[MD5.HashSizeInBytes];
        hash.GetHashAndReset(result);
        return ContentHash.FromBytes(result);
    }

    /// <inheritdoc/>
    public void Dispose() => hash.Dispose();

    private void Flush()
    {
        var bytes = piece.AsSpan(0, filled);
        isText ??= IsText(bytes[..Math.Min(bytes.Length, TextSample)]);
        filled = 0;
        if (isText == true) bytes = bytes[..RemoveReturns(bytes)];
        hash.AppendData(bytes);
    }

    /// <summary>
    /// Returns whether DVC takes a file that begins with these bytes for text: no zero, and at most 30 % other than text.
    /// </summary>
    private static bool IsText(ReadOnlySpan<byte> block)
    {
        if (block.Contains((byte)0)) return false;
        int others = 0;
        foreach (byte b in block)
        {
            if (b is not ((>= 32 and < 127) or (byte)'\n' or (byte)'\r' or (byte)'\t' or (byte)'\f' or (byte)'\b')) others++;
        }

        return others <= 0.30 * block.Length;
    }

    private static int RemoveReturns(Span<byte> bytes)
    {
        int kept = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == '\r' && i + 1 < bytes.Length && bytes[i + 1] == '\n') continue;
            bytes[kept++] = bytes[i];
        }

        return kept;
    }
}
