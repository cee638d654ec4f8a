using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using WaterMeters.Ml.Foundation;

namespace WaterMeters.Ml.Datasets.Facts;

/// <summary>
/// The cache file of one data set: a header, then blocks of pairs, each compressed on its own and with a checksum. It is read and written
/// block by block. A file of another build or another folder counts as empty. Reading ends at a damaged block, because nothing tells where
/// the next one starts.
/// </summary>
internal static class FactsFile
{
    private const int PairsInBlock = 64, BlockHeader = 12, Checksum = 16;

    /// <summary>
    /// Largest size of a block before compression, in bytes: a pair has names of up to 255 characters and 2.3 kB of facts.
    /// </summary>
    private const int MostBytes = PairsInBlock * 8 * 1024;

    /// <summary>Almost as small as with the best quality, in a tenth of the time.</summary>
    private const int PackingQuality = 1, PackingWindow = 18;

    /// <summary>Returns the name of a data set's cache file: a digest of its absolute path.</summary>
    public static string NameFor(string dataPath) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(SystemPaths.Key(dataPath))).AsSpan(0, 20)) + Extension;

    /// <summary>The extension of cache files.</summary>
    public const string Extension = ".facts";

    /// <summary>Returns the pairs of a file up to the first damaged block; none when the file does not exist.</summary>
    public static IEnumerable<CachedPair> Read(string path, string dataPath)
    {
        using var stream = TryOpen(path);
        if (stream is null) yield break;
        byte[] header = Header(dataPath), found = new byte[header.Length];
        if (!TryFill(stream, found) || !found.AsSpan().SequenceEqual(header)) yield break;
        byte[] buffer = new byte[MostBytes], packed = [];
        while (TryReadBlock(stream, ref packed, buffer) is { } pairs)
        {
            foreach (var pair in pairs) yield return pair;
        }
    }

    /// <summary>Writes a file atomically.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file must not be written by this user.</exception>
    public static void Write(string path, string dataPath, IEnumerable<CachedPair> pairs) => AtomicFile.Write(path, stream =>
    {
        stream.Write(Header(dataPath));
        using var block = new MemoryStream();
        using var writer = new BinaryWriter(block);
        byte[] packed = new byte[BlockHeader + BrotliEncoder.GetMaxCompressedLength(MostBytes) + Checksum];
        foreach (var some in pairs.Chunk(PairsInBlock))
        {
            block.SetLength(0);
            foreach (var pair in some) pair.Write(writer);
            writer.Flush();
            var raw = block.GetBuffer().AsSpan(0, (int)block.Length);
            // Only with longer file names than file systems allow; such pairs are measured again.
            if (raw.Length > MostBytes) continue;
            var target = packed.AsSpan(BlockHeader..^Checksum);
            if (!BrotliEncoder.TryCompress(raw, target, out int length, PackingQuality, PackingWindow)) continue;
            BinaryPrimitives.WriteInt32LittleEndian(packed, length);
            BinaryPrimitives.WriteInt32LittleEndian(packed.AsSpan(4), raw.Length);
            BinaryPrimitives.WriteInt32LittleEndian(packed.AsSpan(8), some.Length);
            int end = BlockHeader + length;
            SHA256.HashData(packed.AsSpan(0, end)).AsSpan(0, Checksum).CopyTo(packed.AsSpan(end));
            stream.Write(packed.AsSpan(0, end + Checksum));
        }
    });

    /// <summary>
    /// Returns the header: the builds of this module and of the decoder, which may measure or decode differently, and the folder.
    /// </summary>
    private static byte[] Header(string dataPath)
    {
        var (module, decoder) = (typeof(FactsFile).Module, typeof(SkiaSharp.SKCodec).Module);
        byte[] builds = [.. module.ModuleVersionId.ToByteArray(), .. decoder.ModuleVersionId.ToByteArray()];
        return [.. "WMSFACTS"u8, .. builds, .. SHA256.HashData(Encoding.UTF8.GetBytes(SystemPaths.Key(dataPath)))];
    }

    private static List<CachedPair>? TryReadBlock(Stream stream, ref byte[] packed, byte[] buffer)
    {
        Span<byte> header = stackalloc byte[BlockHeader];
        if (!TryFill(stream, header)) return null;
        int length = BinaryPrimitives.ReadInt32LittleEndian(header), bytes = BinaryPrimitives.ReadInt32LittleEndian(header[4..]);
        int count = BinaryPrimitives.ReadInt32LittleEndian(header[8..]);
        if (length < 1 || length > BrotliEncoder.GetMaxCompressedLength(MostBytes)) return null;
        if (bytes < 1 || bytes > MostBytes || count is < 1 or > PairsInBlock) return null;
        int end = BlockHeader + length;
        if (packed.Length < end + Checksum) packed = new byte[end + Checksum];
        header.CopyTo(packed);
        if (!TryFill(stream, packed.AsSpan(BlockHeader, length + Checksum))) return null;
        if (!SHA256.HashData(packed.AsSpan(0, end)).AsSpan(0, Checksum).SequenceEqual(packed.AsSpan(end, Checksum))) return null;
        bool isUnpacked = BrotliDecoder.TryDecompress(packed.AsSpan(BlockHeader, length), buffer.AsSpan(0, bytes), out int written);
        if (!isUnpacked || written != bytes) return null;
        return ParsePairs(buffer, bytes, count);
    }

    private static List<CachedPair>? ParsePairs(byte[] buffer, int bytes, int count)
    {
        var pairs = new List<CachedPair>(count);
        try
        {
            using var reader = new BinaryReader(new MemoryStream(buffer, 0, bytes, writable: false));
            for (int i = 0; i < count; i++) pairs.Add(CachedPair.Read(reader));
            return pairs;
        }
        catch (Exception e) when (e is IOException or FormatException or ArgumentException)
        {
            return null;
        }
    }

    private static FileStream? TryOpen(string path)
    {
        try
        {
            // Another process may replace the file meanwhile.
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return null;
        }
    }

    private static bool TryFill(Stream stream, Span<byte> bytes)
    {
        try
        {
            return stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
